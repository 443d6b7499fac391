"""Two officers, or two workers, in the same moment: one of two counts. Without its lock, both would."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from outbox.models import Message
from privacy import requests
from privacy.acting import PORTAL, acting_as
from privacy.models import Outcome, Request, Step
from privacy.requests import identity
from privacy.requests.reasons import Identity
from privacy.requests.reminders import remind_officers
from tests.at_once import at_once, names
from tests.factories import UserFactory, make_member

pytestmark = pytest.mark.usefixtures("committing_db")
WITHOUT_LOCK = {"look_first": True, "locks": False}


@pytest.fixture
def request_in_review():
    person = make_member()
    request, _is_new = requests.receive(person.subject, "rectification", "", by=person, channel="paper")
    requests.settle_identity(request, Identity.UNDOUBTED)
    requests.begin_review(request, by=None)
    return request


def decide_twice(request, **how):
    """One officer grants and one refuses; the outcomes that were written down."""
    one, other = UserFactory(), UserFactory()
    said = at_once(
        acting_as(duty=PORTAL)(lambda: requests.decide(request, Outcome.GRANTED, by=one)),
        acting_as(duty=PORTAL)(lambda: requests.decide(request, Outcome.REFUSED, refusals=["accurate"], by=other)),
        **how,
    )
    return said, list(request.events.filter(step=Step.DECIDED).values_list("outcome", flat=True))


@pytest.mark.req("R090")
def test_two_officers_decide_once(request_in_review):
    said, outcomes = decide_twice(request_in_review)

    assert names(said) == ["NotNow", "RequestEvent"]
    assert len(outcomes) == 1


def test_without_the_lock_they_would_decide_both_ways(request_in_review):
    _said, outcomes = decide_twice(request_in_review, **WITHOUT_LOCK)

    assert sorted(outcomes) == ["granted", "refused"]


def test_two_workers_remind_once():
    officer = UserFactory(is_staff=True)
    officer.groups.add(Group.objects.get(name="privacy officer"))
    person = make_member()
    received_at = timezone.now() - timedelta(days=40)
    requests.receive(person.subject, "access", "", by=person, received_at=received_at)

    assert sorted(at_once(remind_officers, remind_officers)) == [0, 1]

    assert Message.objects.filter(template="privacy/emails/request_reminder").count() == 1


@pytest.mark.req("R100")
def test_a_form_that_is_sent_twice_at_once_makes_one_request():
    said = {"kind": "access", "text": "", "name": "", "email": "hanako@elsewhere.example"}
    send = partial(identity.receive_by_form, **said, is_in_europe=False, language="en", form_key=uuid.uuid4())

    first, second = at_once(send, send, look_first=True)

    assert first == second
    assert Request.objects.count() == 1
