"""Restriction and objection are asked at the moment of use: nothing that was queued overtakes them (PR4, I11)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

import outbox
from directory.models import Photo
from directory.services import files
from directory.tasks import sweep_photos
from outbox import delivery
from outbox.models import Message, Problem
from outbox.models import State as MessageState
from privacy import consent, erasure, gate
from privacy.erasure import journal
from privacy.models import Recipient
from privacy.purposes import RULES, Purpose
from tests.at_once import at_once
from tests.factories import ListingDraftFactory, MembershipFactory, OperatorFactory, UserFactory

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


@pytest.mark.req("R094")
def test_two_runs_at_the_same_moment_erase_once(committing_db, settings, tmp_path):
    settings.JOURNAL_DIR = tmp_path
    begun = erasure.start(UserFactory().subject, "child")

    done = at_once(lambda: erasure.erase(begun.pk), lambda: erasure.erase(begun.pk))

    assert [one.pk for one in done] == [begun.pk, begun.pk]
    assert len(journal.read()) == 1
    assert Message.objects.filter(template="privacy/emails/erasure_done").count() == 1


@pytest.mark.req("R094")
@pytest.mark.django_db
def test_a_crash_between_the_commit_and_the_files_leaves_none_for_long(settings, tmp_path):
    """What is done after a commit may never be done: the hourly sweep finds files without a row."""
    settings.JOURNAL_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    person, begun = UserFactory(), OperatorFactory(approved_at=None, contact=None)
    MembershipFactory(operator=begun, user=person)
    photo = Photo.objects.create(draft=ListingDraftFactory(operator=begun), position=1, width=1, height=1)
    files.write(photo.ref, {"480.webp": b"a face"})

    erasure.erase(erasure.start(person.subject, "child").pk)
    assert files.folder(photo.ref).exists()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        sweep_photos()

    assert not files.folder(photo.ref).exists()
