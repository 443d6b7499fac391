"""Restriction and objection are asked at the moment of use: nothing that was queued overtakes them (PR4, I11)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

import outbox
from outbox import delivery
from outbox.models import Message, Problem
from outbox.models import State as MessageState
from privacy import consent, erasure, gate
from privacy.models import Recipient
from privacy.purposes import RULES, Purpose
from tests.factories import MembershipFactory, UserFactory

TOPICS = {Purpose.NEWSLETTER: "newsletter", Purpose.CITY_INFORMATION: "city-activities"}


def freeze(person):
    consent.restrict(person.subject)


def object_(person):
    consent.object_to(person.subject, Purpose.CITY_INFORMATION, "city-activities")


def close(person):
    erasure.start(person.subject, "closure", by=person)


def child(person):
    consent.report_child(person.subject, until=timezone.now() + timedelta(days=1))


@pytest.mark.req("R095", "R096", "R113")
@pytest.mark.parametrize("act", [freeze, object_, close, child])
@pytest.mark.parametrize("moment", ["while it waits", "while it is being sent"])
def test_mail_that_is_queued_is_refused(committing_db, settings, act, moment):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    person = UserFactory()
    outbox.post(
        person.subject,
        Purpose.CITY_INFORMATION,
        "privacy/emails/erasure_called_off",
        topic="city-activities",
    )
    queued = Message.objects.filter(purpose=Purpose.CITY_INFORMATION)
    if moment == "while it is being sent":
        claimed = delivery._claim(queued)
        act(person)
        outcome = delivery._send(claimed)
    else:
        act(person)
        assert delivery.deliver(queued)
        message = queued.get()
        outcome = {"state": message.state, "problem": message.problem, "context": message.context}

    assert (outcome["state"], outcome["problem"]) == (MessageState.REFUSED, Problem.NOT_PERMITTED)
    assert outcome["context"] is None
    assert mail.outbox == []


@pytest.mark.req("R113", "R094")
def test_an_erasure_wins_over_mail_that_is_being_sent(committing_db, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.JOURNAL_DIR = tmp_path
    person = UserFactory()
    outbox.post(person.subject, Purpose.ACCOUNT, "privacy/emails/erasure_called_off")
    claimed = delivery._claim(Message.objects.all())

    erasure.erase(erasure.start(person.subject, "child").pk)

    assert delivery._send(claimed)["state"] == MessageState.REFUSED
    assert mail.outbox == []


@pytest.mark.req("R095")
@pytest.mark.django_db
@pytest.mark.parametrize("act", [freeze, close, child])
def test_restricted_a_person_is_found_for_what_the_law_permits_only(act):
    person = MembershipFactory().user
    consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")
    Recipient.objects.filter(code="contractor").update(attested_on=timezone.localdate())

    def found():
        uses = [(purpose, recipient) for purpose in Purpose for recipient in ("", "contractor")]
        return {
            (purpose, recipient)
            for purpose, recipient in uses
            if gate.permitting(purpose, recipient, TOPICS.get(purpose, "")).filter(pk=person.subject.pk).exists()
        }

    before = found()
    act(person)

    assert found() == {(purpose, recipient) for purpose, recipient in before if RULES[purpose].survives_restriction}
    assert len(found()) < len(before)
