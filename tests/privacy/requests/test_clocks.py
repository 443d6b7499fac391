"""By when a request must be answered: L02 and L07 in figures, and what holds for every course of events (I08)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from privacy.models import Regime, RequestKind, Step
from privacy.requests import clocks
from privacy.requests.reasons import Identity

BOTH = [Regime.APPI, Regime.GDPR]


@dataclass
class Event:
    step: Step
    at: datetime
    codes: list = field(default_factory=list)


@dataclass
class Asked:
    received_at: datetime
    regimes: list
    kind: RequestKind = RequestKind.ACCESS


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def due(received_on, regimes, *events, kind=RequestKind.ACCESS, rules=None):
    """`events`: (step, day) or (step, day, code)."""
    happened = [Event(step, noon(day), codes) for step, day, *codes in events]
    return clocks.due(Asked(noon(received_on), regimes, kind), happened, rules)


@pytest.mark.req("L02")
@pytest.mark.parametrize(
    ("received", "answered_by", "extended"),
    [
        ("2027-01-31", "2027-02-28", "2027-04-30"),
        ("2028-01-31", "2028-02-29", "2028-04-30"),
        ("2028-01-30", "2028-02-29", "2028-04-30"),
        ("2027-08-31", "2027-09-30", "2027-11-30"),
        ("2027-11-30", "2027-12-30", "2028-02-29"),
        ("2027-12-01", "2028-01-01", "2028-03-01"),
        ("2028-02-29", "2028-03-29", "2028-05-29"),
    ],
)
def test_a_month_ends_on_the_corresponding_day_else_on_the_last(received, answered_by, extended):
    day = date.fromisoformat(received)

    assert due(day, [Regime.GDPR]).due_on == date.fromisoformat(answered_by)
    # Two months more, counted from the same start: not from the end of the first.
    assert due(day, [Regime.GDPR], (Step.EXTENDED, day)).due_on == date.fromisoformat(extended)


@pytest.mark.req("L07")
def test_the_japanese_law_gives_thirty_days_sixty_in_all_and_we_take_fourteen():
    day = date(2027, 1, 31)

    found = due(day, [Regime.APPI])

    assert (found.due_on, found.internal_on) == (date(2027, 3, 2), date(2027, 2, 14))
    assert due(day, [Regime.APPI], (Step.EXTENDED, day)).due_on == day + timedelta(days=60)


def test_after_an_extension_our_own_day_is_three_days_before_the_laws():
    day = date(2027, 1, 31)

    assert due(day, [Regime.APPI], (Step.EXTENDED, day)).internal_on == day + timedelta(days=57)


@pytest.mark.req("L02", "L07", "R102")
@pytest.mark.parametrize(
    ("received", "governed_by"), [("2027-01-31", "GDPR Art. 12(3)"), ("2027-03-31", "APPI Art. 83")]
)
def test_of_two_laws_the_earlier_governs(received, governed_by):
    found = due(date.fromisoformat(received), BOTH)

    assert found.governed_by == governed_by
    assert found.due_on == min(clock.due_on for clock in found.clocks)


@pytest.mark.req("L07")
@pytest.mark.parametrize(
    ("kind", "law"),
    [
        ("access", "APPI Art. 83"),
        ("portability", "APPI Art. 83"),
        ("rectification", "APPI Art. 94"),
        ("erasure", "APPI Art. 102"),
        ("restriction", "APPI Art. 102"),
        ("objection", "APPI Art. 102"),
        ("withdrawal", "APPI Art. 102"),
    ],
)
def test_each_kind_has_its_article(kind, law):
    assert due(date(2027, 1, 31), [Regime.APPI], kind=kind).governed_by == law


@pytest.mark.req("L02", "R099")
def test_a_proof_that_was_asked_for_at_once_starts_the_month():
    received, proven = date(2027, 3, 1), date(2027, 3, 9)
    settled = (Step.IDENTITY_SETTLED, proven, Identity.DOCUMENT)

    assert due(received, [Regime.GDPR], (Step.DOCUMENT_ASKED, date(2027, 3, 4)), settled).due_on == date(2027, 4, 9)
    # Asked too late, not proven yet, or never asked for: from the receipt.
    late = due(received, [Regime.GDPR], (Step.DOCUMENT_ASKED, date(2027, 3, 5)), settled)
    pending = due(received, [Regime.GDPR], (Step.DOCUMENT_ASKED, date(2027, 3, 4)))
    undoubted = due(received, [Regime.GDPR], (Step.IDENTITY_SETTLED, proven, Identity.UNDOUBTED))
    assert {late.due_on, pending.due_on, undoubted.due_on} == {date(2027, 4, 1)}
    # In Japan the day of the request counts.
    appi = due(received, [Regime.APPI], (Step.DOCUMENT_ASKED, date(2027, 3, 4)), settled)
    assert appi.due_on == received + timedelta(days=30)


def test_a_rule_holds_for_what_is_received_from_its_day_on():
    newer = [
        clocks.Rule(
            **{**vars(rule), "valid_from": date(2030, 4, 1), "base": clocks.Period(days=20), "law": "APPI Art. 999"}
        )
        for rule in clocks.load()
        if rule.regime == Regime.APPI
    ]
    rules = [*newer, *clocks.load()]

    assert due(date(2030, 3, 31), [Regime.APPI], rules=rules).governed_by == "APPI Art. 83"
    assert due(date(2030, 4, 1), [Regime.APPI], rules=rules).due_on == date(2030, 4, 21)


def test_what_no_rule_covers_has_no_date():
    with pytest.raises(LookupError):
        due(date(2020, 1, 1), [Regime.APPI])


def test_the_why_is_said_in_words():
    received = date(2027, 3, 1)
    events = [
        (Step.COMPLETION_ASKED, date(2027, 3, 3)),
        (Step.COMPLETED, date(2027, 3, 8)),
        (Step.EXTENDED, date(2027, 3, 9)),
    ]

    assert list(due(received, [Regime.APPI], *events).governing.in_words()) == [
        "APPI Art. 83: 30 days, counted from the receipt on 1 Mar 2027.",
        "5 days on which the person completed the request are not counted.",
        "Extended by 30 days; the person was told.",
    ]


# ---- every course of events ----

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
REGIMES = st.sampled_from([[Regime.APPI], [Regime.GDPR], BOTH])
KINDS = st.sampled_from(RequestKind)
# (days until the completion is asked for, days until it comes)
PAUSES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=3)


@st.composite
def histories(draw):
    """The day of the receipt, and a course of events after it."""
    received = day = draw(DAYS)
    events = []
    if draw(st.booleans()):
        day += timedelta(days=draw(st.integers(0, 10)))
        events.append((Step.DOCUMENT_ASKED, day))
        if draw(st.booleans()):
            day += timedelta(days=draw(st.integers(0, 60)))
            events.append((Step.IDENTITY_SETTLED, day, draw(st.sampled_from(Identity))))
    for before, waiting in draw(PAUSES):
        asked, day = day + timedelta(days=before), day + timedelta(days=before + waiting)
        events += [(Step.COMPLETION_ASKED, asked), (Step.COMPLETED, day)]
    if draw(st.booleans()):
        events.append((Step.EXTENDED, day))
    return received, events


@pytest.mark.req("L02", "L07")
@given(histories(), REGIMES, KINDS)
def test_no_date_lies_before_the_start_and_ours_never_after_the_laws(history, regimes, kind):
    received, events = history

    found = due(received, regimes, *events, kind=kind)

    assert received <= found.internal_on <= found.due_on
    assert found.due_on == min(clock.due_on for clock in found.clocks)
    for clock in found.clocks:
        assert clock.started_on >= received
        assert clock.started_on < clock.target_on <= clock.due_on - timedelta(days=3)


@pytest.mark.req("L02")
@given(histories(), KINDS)
def test_no_extension_goes_beyond_three_months_from_the_start(history, kind):
    received, events = history

    [clock] = due(received, [Regime.GDPR], *events, kind=kind).clocks

    assert clock.due_on <= clocks.months_after(clock.started_on, 3)
    assert clock.due_on == clocks.months_after(clock.started_on, 3 if clock.is_extended else 1)


@pytest.mark.req("L07")
@given(DAYS, PAUSES, st.booleans(), KINDS)
def test_days_of_completion_move_the_japanese_date_exactly_and_not_the_european(received, pauses, is_extended, kind):
    day, events = received, [(Step.EXTENDED, received)] if is_extended else []
    before = {regime: due(received, [regime], *events, kind=kind).due_on for regime in BOTH}
    for wait, waiting in pauses:
        asked, day = day + timedelta(days=wait), day + timedelta(days=wait + waiting)
        events += [(Step.COMPLETION_ASKED, asked), (Step.COMPLETED, day)]

    shift = timedelta(days=sum(waiting for _wait, waiting in pauses))

    assert due(received, [Regime.APPI], *events, kind=kind).due_on == before[Regime.APPI] + shift
    assert due(received, [Regime.GDPR], *events, kind=kind).due_on == before[Regime.GDPR]


@given(DAYS, st.integers(0, 400), REGIMES, KINDS)
def test_what_has_not_come_yet_does_not_move_the_date(received, days, regimes, kind):
    asked = (Step.COMPLETION_ASKED, received + timedelta(days=days))

    assert due(received, regimes, asked, kind=kind).due_on == due(received, regimes, kind=kind).due_on


@given(DAYS, DAYS)
def test_who_asks_later_is_never_answered_earlier(one, other):
    first, second = sorted([one, other])

    assert due(first, [Regime.GDPR]).due_on <= due(second, [Regime.GDPR]).due_on
