"""From the freeze to the deletion: called off in time, hastened, held back, done once."""

import logging
import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.staff_roles import StaffRole
from outbox.addresses import Address
from outbox.composing import compose
from outbox.models import Message
from privacy import consent, erasure, gate, ledger, requests
from privacy.erasure import journal
from privacy.models import AuditEvent, Erasure, LedgerEvent, LegalHold, Matter, State, Subject
from privacy.purposes import RULES, Purpose
from tests.accounts.mail import messages_to
from tests.factories import UserFactory, make_member

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def person():
    return make_member()


@pytest.fixture
def officer(make_staff):
    return make_staff(StaffRole.OFFICER)


def later(erasure_, by=timedelta(minutes=1)):
    return time_machine.travel(erasure_.due_at + by, tick=False)


def is_restricted(person):
    state = ledger.state_of(person.ref, Matter.RESTRICTION)
    return state is not None and state.state == State.MADE


@pytest.mark.req("R094", "R095")
def test_the_data_are_frozen_at_once_and_deleted_after_a_week(person):
    begun = erasure.start(person.subject, "closure", by=person)

    permitted = {purpose for purpose in Purpose if gate.permitting(purpose).filter(pk=person.subject.pk).exists()}
    assert permitted == {purpose for purpose in Purpose if RULES[purpose].survives_restriction}
    assert begun.due_at == begun.frozen_at + WEEK
    with later(begun, -timedelta(minutes=1)):
        assert erasure.run_due() == []
    with later(begun):
        assert [one.pk for one in erasure.run_due()] == [begun.pk]
    assert Subject.objects.get(pk=person.subject.pk).erased_at


@pytest.mark.req("R094")
def test_the_person_learns_of_it_and_how_to_stop_it(person):
    begun = erasure.start(person.subject, "closure", by=person)

    message = Message.objects.get(template="privacy/emails/erasure_started")
    with_log_in, without = (
        compose(message, Address(person.email, "en", has_account=has_account)).body for has_account in (True, False)
    )
    assert "/en/privacy-centre/closing/" in with_log_in
    assert "/privacy-centre/" not in without
    assert "write to us before that" in " ".join(without.split())
    assert begun.due_at.isoformat() == message.context["due_at"]
    assert gate.may_send(person.ref, message.purpose)


def test_started_twice_it_is_one(person):
    first = erasure.start(person.subject, "closure", by=person)

    assert erasure.start(person.subject, "request") == first
    assert messages_to(person.email).count("erasure_started") == 1


@pytest.mark.req("R113")
def test_a_child_does_not_wait_and_cannot_stop_it(person, officer):
    begun = erasure.start(person.subject, "child", by=officer)

    with pytest.raises(ValidationError, match="Only the secretariat"):
        erasure.call_off(begun, by=person)
    assert [one.pk for one in erasure.run_due()] == [begun.pk]


@pytest.mark.req("R113")
def test_a_closure_under_way_waits_no_longer_once_it_is_a_childs(person, officer):
    begun = erasure.start(person.subject, "closure", by=person)

    erasure.start(person.subject, "child", by=officer)

    assert [one.pk for one in erasure.run_due()] == [begun.pk]


@pytest.mark.req("R094")
def test_called_off_everything_is_as_before(person):
    begun = erasure.start(person.subject, "closure", by=person)

    erasure.call_off(begun, by=person)

    assert not is_restricted(person)
    with later(begun):
        assert erasure.run_due() == []
    person.refresh_from_db()
    assert person.is_active
    assert messages_to(person.email)[-1] == "erasure_called_off"


def test_calling_off_lifts_no_restriction_that_was_there_before(person):
    consent.restrict(person.subject)
    begun = erasure.start(person.subject, "closure", by=person)

    erasure.call_off(begun, by=person)

    assert is_restricted(person)


def test_what_is_done_cannot_be_called_off(person):
    begun = erasure.start(person.subject, "child")
    erasure.run_due()

    with pytest.raises(ValidationError, match="done or called off already"):
        erasure.call_off(begun, by=person)


def test_what_the_journal_holds_cannot_be_called_off(person):
    """The line was written, and then the commit failed: the next run deletes."""
    begun = erasure.start(person.subject, "closure", by=person)
    journal.append(begun)

    with pytest.raises(ValidationError, match="too late"):
        erasure.call_off(begun, by=person)


def test_an_officer_hastens_it(person, officer):
    begun = erasure.start(person.subject, "request", by=officer)

    erasure.expedite(begun, by=officer)

    assert [one.pk for one in erasure.run_due()] == [begun.pk]
    assert Erasure.objects.get().expedited_by == officer
    assert AuditEvent.objects.filter(act="erasure hastened", by=officer).exists()


@pytest.mark.req("R110")
@pytest.mark.parametrize("whose", ["the person's", "somebody else's", "everybody's", "over"])
def test_a_legal_hold_holds_it_back(person, officer, whose):
    begun = erasure.start(person.subject, "child")
    today = timezone.localdate()
    subject = {"somebody else's": UserFactory().subject, "everybody's": None}.get(whose, person.subject)
    LegalHold.objects.create(
        subject=subject,
        kind="" if subject else "account",
        reason="A court asks for it",
        ends_on=today - timedelta(days=1) if whose == "over" else today,
        placed_by=officer,
    )

    done = [one.pk for one in erasure.run_due()]

    assert done == ([] if whose in ("the person's", "everybody's") else [begun.pk])


def test_one_that_fails_stops_no_other_and_is_done_later(person, caplog):
    in_the_way = UserFactory(email=f"{person.ref}@erased.invalid")
    other = UserFactory()
    first, second = erasure.start(person.subject, "child"), erasure.start(other.subject, "child")

    with caplog.at_level(logging.ERROR):
        assert [one.pk for one in erasure.run_due()] == [second.pk]
    assert str(first.ref) in caplog.text
    User.objects.filter(pk=in_the_way.pk).update(email="elsewhere@business.example")

    assert [one.pk for one in erasure.run_due()] == [first.pk]


def test_the_command_counts_and_erases(person, capsys):
    erasure.start(person.subject, "child")

    call_command("run_erasures", dry_run=True)
    assert Erasure.objects.under_way().exists()
    call_command("run_erasures")

    assert capsys.readouterr().out == "1 people found\n1 people erased\n"
    assert not Erasure.objects.under_way().exists()


@pytest.mark.req("L01")
def test_who_froze_the_data_stands_in_the_ledger(person, officer):
    erasure.start(person.subject, "closure", by=person)
    other = UserFactory()
    erasure.start(other.subject, "retention")
    third = UserFactory()
    erasure.start(third.subject, "request", by=officer)

    def actor(of):
        return LedgerEvent.objects.get(subject_ref=of.ref, matter=Matter.RESTRICTION).actor

    assert [actor(one) for one in (person, other, third)] == ["self", "portal", f"staff:{officer.ref}"]


def test_whoever_is_erased_is_not_erased_anew(person):
    erasure.start(person.subject, "child")
    erasure.run_due()

    with pytest.raises(ValidationError, match="deleted already"):
        erasure.start(person.subject, "request")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("privacy/emails/erasure_started", {"due_at": "2026-12-01T09:00:00+00:00", "reason": "closure"}),
        ("privacy/emails/erasure_started", {"due_at": "2026-12-01T09:00:00+00:00", "reason": "child"}),
        ("privacy/emails/erasure_called_off", {}),
        ("inquiries/emails/child_confirmed", {"number": "Q-2026-000001"}),
    ],
)
def test_each_message_reads_well(template, context, language):
    message = Message(template=template, context=context, purpose=Purpose.RIGHTS)

    for has_account in (True, False):
        mail = compose(message, Address("reader@home.example", language, has_account))
        assert "\n\n\n" not in mail.body
        if language == "ja":
            assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", mail.subject + mail.body)


@pytest.mark.req("R101", "R094")
def test_nobody_is_deleted_before_the_answer_has_gone_out_to_their_address(make_staff):
    officer, person = make_staff("privacy officer"), make_member()
    asked, _is_new = requests.receive(person.subject, "erasure", "", by=person)
    requests.begin_review(asked, by=officer)
    requests.decide(asked, "granted", grounds=["GDPR 17(1)(a)"], by=officer)
    [begun] = person.subject.erasures.all()
    with pytest.raises(ValidationError, match="Send the answer first"):
        erasure.expedite(begun, by=officer)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert erasure.run_due() == []

        requests.deliver(asked, requests.draft_of_answer(asked), by=officer)
        assert erasure.run_due() == [begun]

    assert person.subject.refresh_from_db() is None
    assert person.subject.erased_at


@pytest.mark.req("R094", "R110")
def test_nobody_is_told_that_a_deletion_comes_at_once_while_a_hold_keeps_it(make_staff):
    officer, person = make_staff("privacy officer"), make_member()
    begun = erasure.start(person.subject, "closure", by=person)
    LegalHold.objects.create(subject=person.subject, reason="Case 1", ends_on=timezone.localdate(), placed_by=officer)

    with pytest.raises(ValidationError, match="A legal hold keeps these data"):
        erasure.expedite(begun, by=officer)

    begun.refresh_from_db()
    assert begun.expedited_by is None


@pytest.mark.req("R094", "R113")
@pytest.mark.parametrize("way", ["overdue", "child"])
def test_an_answer_that_never_comes_holds_up_no_deletion_for_ever(make_staff, way):
    officer, person = make_staff("privacy officer"), make_member()
    asked, _is_new = requests.receive(person.subject, "erasure", "", by=person)
    requests.begin_review(asked, by=officer)
    requests.decide(asked, "granted", grounds=["GDPR 17(1)(a)"], by=officer)
    [begun] = person.subject.erasures.all()
    if way == "child":
        erasure.start(person.subject, "child")
        assert erasure.run_due() == [begun]
        return
    due_on = asked.newest.due_on
    with time_machine.travel(timezone.make_aware(datetime.combine(due_on, time(12)))):
        assert erasure.run_due() == []
    with time_machine.travel(timezone.make_aware(datetime.combine(due_on + timedelta(days=1), time(12)))):
        assert erasure.run_due() == [begun]
