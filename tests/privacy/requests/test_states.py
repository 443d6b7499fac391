"""The steps of a request: only legal ones, and every course of them comes to an end (I09)."""

from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from privacy import requests
from privacy.models import ENDED, RequestEvent, RequestState, Step
from privacy.requests import states
from privacy.requests.states import NotNow
from tests.factories import SubjectFactory

# They say something about a request, and move nothing.
NOTES = {Step.REMINDED, Step.LIFTING_TOLD, Step.LIFTED}


@dataclass
class Event:
    step: Step
    state: RequestState


def legal(events):
    return [step for step in Step if states.is_legal(step, events)]


def walk(choices):
    """The events of a course that takes, of the legal steps but notes, the one that `choices` points at."""
    events = []
    for choice in choices:
        steps = [step for step in legal(events) if step not in NOTES]
        if not steps:
            break
        step = steps[choice % len(steps)]
        events.append(Event(step, states.after(step, events)))
    return events


COURSES = st.lists(st.integers(0, 50), min_size=60, max_size=60)


@given(COURSES)
def test_every_course_begins_with_the_receipt_and_comes_to_an_end(choices):
    events = walk(choices)

    assert events[0].step == Step.RECEIVED
    assert events[-1].state in ENDED
    assert [event.state in ENDED for event in events].count(True) == 1


@given(COURSES)
def test_nothing_is_decided_twice_or_answered_undecided(choices):
    steps = [event.step for event in walk(choices)]

    assert steps.count(Step.DECIDED) == steps.count(Step.DELIVERED) <= 1
    if Step.DECIDED in steps:
        assert steps.index(Step.DECIDED) < steps.index(Step.DELIVERED)


@given(COURSES, st.sampled_from(Step))
def test_a_step_that_is_not_legal_is_refused(choices, step):
    events = walk(choices)[:3]

    if step in legal(events):
        states.after(step, events)
    else:
        with pytest.raises(NotNow):
            states.after(step, events)


def test_each_state_is_reached_and_can_be_left_or_is_an_end():
    reached = {after for transitions in states.TRANSITIONS.values() for after in transitions.values()}
    left = {
        before
        for step, transitions in states.TRANSITIONS.items()
        for before, after in transitions.items()
        if before != after
    }

    assert reached == {*RequestState}
    assert {*RequestState} - left == {*ENDED}
    assert {*states.TRANSITIONS} == {*Step}


@pytest.mark.django_db
def test_a_step_out_of_turn_says_what_is_the_matter():
    request, _is_new = requests.receive(SubjectFactory(), "access", "", by=None)

    with pytest.raises(NotNow) as refusal:
        requests.record(request, Step.DELIVERED)

    assert refusal.value.messages == ["“answered” cannot follow now; the request is in the state “Received”."]
    assert request.events.count() == 1


@pytest.mark.req("L02", "L07")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "edit",
    [
        lambda rows: rows.update(due_on="2099-01-01"),
        lambda rows: rows.update(at="2099-01-01T00:00:00Z"),
        lambda rows: rows.delete(),
    ],
)
def test_nobody_edits_lateness_away(edit):
    request, _is_new = requests.receive(SubjectFactory(), "access", "", by=None)

    with pytest.raises(DatabaseError), transaction.atomic():
        edit(RequestEvent.objects.filter(request=request))

    assert request.events.count() == 1
