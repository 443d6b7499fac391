"""By when a request must be answered (L02, L07): a function of what was asked, of what happened, and of dated rules.

The rules are `privacy/data/clocks.csv`. A period is counted from the day after the one on which it starts, in Tokyo.
What is not settled yet, a proof or a completion that was asked for, is counted as if it cost no time: a date can move
later, and what is too early can only make us early.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ..data import rows
from ..models import Regime, RequestKind, Step
from .reasons import Identity

BEFORE_THE_LAW = timedelta(days=3)


@dataclass(frozen=True)
class Period:
    months: int = 0
    days: int = 0

    @classmethod
    def read(cls, text):
        """From "1 month" or "30 days"."""
        number, unit = text.split()
        return cls(**{unit.rstrip("s") + "s": int(number)})

    def __add__(self, other):
        return Period(self.months + other.months, self.days + other.days)

    def after(self, day):
        return months_after(day, self.months) + timedelta(days=self.days)

    def __str__(self):
        if self.months:
            return ngettext("%(count)s month", "%(count)s months", self.months) % {"count": self.months}
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days}


@dataclass(frozen=True)
class Rule:
    """One law about some kinds of requests that are received from `valid_from` on, until a newer rule replaces it.

    `proof_asked_within`: whoever is asked for proof of identity so soon after the receipt starts the time with that
    proof. `completion_counts`: whether time goes on while the person completes the request. `after_disclosure`: how
    long after a disclosure this law lets people ask; other laws are not touched by it (L08).
    """

    regime: Regime
    kinds: frozenset[RequestKind]
    valid_from: date
    base: Period
    extension: Period
    target: Period
    proof_asked_within: Period | None
    completion_counts: bool
    after_disclosure: Period | None
    law: str
    law_ja: str

    @property
    def name(self):
        """The law in the reader's language."""
        return self.law_ja if get_language() == "ja" else self.law


@dataclass(frozen=True)
class Clock:
    """One rule, as it runs for one request."""

    rule: Rule
    started_on: date
    starts_with_proof: bool
    paused_days: int
    is_extended: bool

    @property
    def due_on(self):
        period = self.rule.base + self.rule.extension if self.is_extended else self.rule.base
        return period.after(self.started_on) + timedelta(days=self.paused_days)

    @property
    def target_on(self):
        """Our own day. Whoever was told of an extension waits for the law's, less some days."""
        target = self.rule.target.after(self.started_on) + timedelta(days=self.paused_days)
        before = self.due_on - BEFORE_THE_LAW
        return before if self.is_extended else min(target, before)

    def in_words(self):
        """Why it ends on its day, in sentences."""
        said = {"law": self.rule.name, "period": self.rule.base, "day": date_format(self.started_on)}
        if self.starts_with_proof:
            yield _("%(law)s: %(period)s, counted from %(day)s, when the identity was proven.") % said
        else:
            yield _("%(law)s: %(period)s, counted from the receipt on %(day)s.") % said
        if self.paused_days:
            yield (
                ngettext(
                    "%(count)s day on which the person completed the request is not counted.",
                    "%(count)s days on which the person completed the request are not counted.",
                    self.paused_days,
                )
                % {"count": self.paused_days}
            )
        if self.is_extended:
            yield _("Extended by %(period)s; the person was told.") % {"period": self.rule.extension}


@dataclass(frozen=True)
class Due:
    """The clocks of a request, the one that governs first."""

    clocks: tuple[Clock, ...]

    @property
    def governing(self):
        return self.clocks[0]

    @property
    def due_on(self):
        """The earliest legal day."""
        return self.governing.due_on

    @property
    def internal_on(self):
        """The day we hold ourselves to, never later than the law's."""
        return min(clock.target_on for clock in self.clocks)

    @property
    def governed_by(self):
        return self.governing.rule.law


def due(request, events, rules=None):
    """The `Due` of `request` (`received_at`, `kind`, `regimes`) after `events` (`step`, `at`, `codes`), in order."""
    received_on = local_day(request.received_at)
    applicable = rules_for(request.kind, request.regimes, received_on, rules or load())
    clocks = (_clock(rule, received_on, [*events]) for rule in applicable)
    return Due(tuple(sorted(clocks, key=lambda clock: (clock.due_on, clock.rule.law))))


def rules_for(kind, regimes, received_on, rules):
    """The rule of each of the `regimes` in force on that day."""
    found = {}
    for rule in sorted(rules, key=lambda rule: rule.valid_from):
        if rule.regime in regimes and kind in rule.kinds and rule.valid_from <= received_on:
            found[rule.regime] = rule
    if len(found) != len({*regimes}):
        raise LookupError(f"no rule for {kind} under one of {regimes} on {received_on}")
    return list(found.values())


@cache
def load():
    """The rules of `privacy/data/clocks.csv`."""
    return tuple(
        Rule(
            regime=Regime(row["regime"]),
            kinds=frozenset(RequestKind(kind) for kind in row["kinds"].split()),
            valid_from=date.fromisoformat(row["valid_from"]),
            base=Period.read(row["base"]),
            extension=Period.read(row["extension"]),
            target=Period.read(row["target"]),
            proof_asked_within=Period.read(row["proof_asked_within"]) if row["proof_asked_within"] else None,
            completion_counts=row["completion_counts"] == "yes",
            after_disclosure=Period.read(row["after_disclosure"]) if row["after_disclosure"] else None,
            law=row["law"],
            law_ja=row["law_ja"],
        )
        for row in rows("clocks.csv")
    )


def _clock(rule, received_on, events):
    proven_on = _proven_on(rule, received_on, events)
    return Clock(
        rule=rule,
        started_on=proven_on or received_on,
        starts_with_proof=proven_on is not None,
        paused_days=0 if rule.completion_counts else _days_of_completion(events),
        is_extended=any(event.step == Step.EXTENDED for event in events),
    )


def _proven_on(rule, received_on, events):
    """The day of the proof, where one was asked for at once; None where the time runs from the receipt."""
    if rule.proof_asked_within is None:
        return None
    asked = [local_day(event.at) for event in events if event.step in (Step.CODE_SENT, Step.DOCUMENT_ASKED)]
    if not asked or asked[0] > rule.proof_asked_within.after(received_on):
        return None
    proofs = {Identity.CODE, Identity.DOCUMENT}
    settled = (event for event in events if event.step == Step.IDENTITY_SETTLED and proofs & {*event.codes})
    return next((local_day(event.at) for event in settled), None)


def _days_of_completion(events):
    days, asked_on = 0, None
    for event in events:
        if event.step == Step.COMPLETION_ASKED:
            asked_on = local_day(event.at)
        elif event.step == Step.COMPLETED and asked_on:
            days += (local_day(event.at) - asked_on).days
            asked_on = None
    return days


def local_day(moment):
    return timezone.localtime(moment).date()


def months_after(day, months):
    """The corresponding day `months` later, else the last of that month (Regulation 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
