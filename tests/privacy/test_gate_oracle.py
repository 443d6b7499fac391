"""The gate decides as the ledger says (I01-I03, I05), after any history; and every one of its conditions is needed."""

import os
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outbox
from outbox import delivery
from outbox.models import State
from privacy import gate
from privacy.gate import decisions
from privacy.gate.conditions import CONJUNCTS
from privacy.models import ProcessingRecord
from tests.factories import UserFactory
from tests.privacy.histories import (
    ACTS,
    MINIMUM,
    RESTRICTIVE,
    SHOWN,
    USES,
    Reading,
    World,
    names_of,
)

pytestmark = pytest.mark.django_db

# GATE_EXAMPLES=2000 looks further, with other histories each time.
EXAMPLES = int(os.environ.get("GATE_EXAMPLES", "0"))
histories = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2)), min_size=3, max_size=14)


def some(examples):
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@contextmanager
def a_world():
    """A world that is gone afterwards, with a clock that stands still until somebody moves it."""
    begin, around = timezone.now() + timedelta(days=1), transaction.atomic()
    # As Django's own tests do it: sending asks for transactions that are nobody's part.
    around._from_testcase = True
    with time_machine.travel(begin, tick=False) as clock, around:
        yield World(begin, clock)
        transaction.set_rollback(True)


def answers(world, uses=USES, at=None):
    """{use: those whom the gate permits}"""
    return {use: {*gate.permitting(*use, at=at)} & {*world.people} for use in uses}


def expected(world, uses=USES, at=None):
    reading = Reading(at or timezone.now())
    return {use: {person for person in world.people if reading.may(person, use)} for use in uses}


def fields(person, use):
    """What the gate gives out for networking, by names; the record of it tells the version that binds the person."""
    before = ProcessingRecord.objects.count()
    names = names_of(gate.fields(person, *use, surface="test"))
    if names:
        record = ProcessingRecord.objects.latest("pk")
        assert (record.fields, record.subjects) == (sorted(names), 1)
        assert record.versions == [Reading(timezone.now()).version_that_binds(person)[0].number]
    assert ProcessingRecord.objects.count() - before == bool(names)
    return names


NETWORKING = [use for use in USES if use[0] == "operator_networking"]
GIVEN_OUT = {"": set(), "minimum": MINIMUM, "all": MINIMUM | set(SHOWN)}


@pytest.mark.req("R004", "R039", "R040", "R062", "R063")
@given(history=histories)
@some(8)
def test_the_gate_answers_as_the_ledger_reads(history):
    with a_world() as world:
        world.play(history)

        assert answers(world) == expected(world)
        reading = Reading(timezone.now())
        for person in world.people:
            for use in NETWORKING:
                assert fields(person, use) == GIVEN_OUT[reading.may(person, use)]


@pytest.mark.req("R039")
@given(history=histories, rest=histories)
@some(4)
def test_the_past_is_answered_as_it_was(history, rest):
    with a_world() as world:
        world.play(history)
        moment, then = timezone.now(), answers(world)
        world.pass_time(seconds=1)
        world.play(rest)

        assert answers(world, at=moment) == then
        assert expected(world, at=moment) == then


@pytest.mark.req("R039", "R044", "R063", "R096", "R098")
@given(history=histories, act=st.sampled_from(sorted(RESTRICTIVE)), who=st.integers(0, 2))
@some(8)
def test_saying_no_never_allows_more(history, act, who):
    with a_world() as world:
        world.play(history)
        before = answers(world), [fields(world.people[who], use) for use in NETWORKING]

        RESTRICTIVE[act](world, world.people[who])

        after = answers(world), [fields(world.people[who], use) for use in NETWORKING]
        assert all(after[0][use] <= before[0][use] for use in USES)
        assert all(now <= then for now, then in zip(after[1], before[1], strict=True))


LETTERS = [("newsletter", "", "newsletter"), ("city_information", "", "city-activities"), ("account", "", "")]


@pytest.mark.req("R039", "R044")
@pytest.mark.usefixtures("_templates")
@given(history=histories, meanwhile=histories)
@some(4)
def test_mail_leaves_as_the_ledger_reads_at_that_moment(history, meanwhile):
    with a_world() as world:
        for person in world.people:
            UserFactory(subject=person)
        world.play(history)
        posted = [
            (outbox.post(person, purpose, "example/hello", topic=topic, name="A"), person, (purpose, "", topic))
            for person in world.people
            for purpose, _recipient, topic in LETTERS
        ]
        world.play(meanwhile)

        delivery.sweep()

        reading = Reading(timezone.now())
        for message, person, use in posted:
            in_time = message.expires_at > timezone.now()
            message.refresh_from_db()
            assert (message.state == State.SENT) == (in_time and bool(reading.may(person, use)))


# For each condition a history in which it alone says no.
TELLING = {
    "stated_in_the_policy": [("notice without news", 0), ("a day passes", 0)],
    "agreed": [("agree", 0), ("withdraw", 0)],
    "not_objected": [("object to a topic", 0), ("object to networking", 1)],
    "not_restricted": [("restrict", 0)],
    "not_a_child": [("report a child", 0)],
    "not_too_old": [("end", 0), ("a month passes", 0)],
    "recipient_is_entitled": [("a month passes", 0)],
}


def test_there_is_a_telling_history_for_every_condition():
    assert [conjunct.__name__ for conjunct in CONJUNCTS] == list(TELLING)


@pytest.mark.req("R039")
@pytest.mark.parametrize("name", TELLING)
def test_without_any_one_condition_the_gate_and_the_ledger_disagree(monkeypatch, name):
    with a_world() as world:
        world.play(TELLING[name])
        assert answers(world) == expected(world)

        monkeypatch.setattr(decisions, "CONJUNCTS", [one for one in CONJUNCTS if one.__name__ != name])

        assert answers(world) != expected(world)


@pytest.mark.req("R063", "R064")
def test_who_withholds_leaves_the_minimum():
    with a_world() as world:
        world.play([("withhold", 0)])
        use = ("operator_networking", "contractor", "")
        assert fields(world.people[0], use) == MINIMUM

        world.play([("release", 0)])

        assert fields(world.people[0], use) == MINIMUM | set(SHOWN)


def test_nobody_else_is_touched():
    """What one person says changes nothing for another."""
    with a_world() as world:
        world.play([("agree", 0), ("agree", 1)])
        before = answers(world)
        for act in RESTRICTIVE:
            world.play([(act, 0)])
        assert {use: people - {world.people[0]} for use, people in answers(world).items()} == {
            use: people - {world.people[0]} for use, people in before.items()
        }
