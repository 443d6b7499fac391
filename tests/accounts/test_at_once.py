"""Registering, deciding and joining in the same moment: one of two counts. Without its lock, both would."""

import pytest

from accounts.models import Decision, DomesticRegistration, Membership, Operator, Role
from accounts.services import membership, registration
from accounts.sides import Side
from privacy.models import AuditEvent
from tests.accounts.mail import messages_to
from tests.at_once import at_once, names
from tests.factories import DomesticRegistrationFactory, UserFactory, make_member

pytestmark = pytest.mark.usefixtures("committing_db")
WITHOUT_LOCK = {"look_first": True, "locks": False}


def start_twice(**how):
    person = UserFactory()
    return at_once(*[lambda: registration.start(person, Side.DOMESTIC)] * 2, **how)


def test_a_double_click_begins_one_registration():
    first, second = start_twice()

    assert first == second == DomesticRegistration.objects.get()
    assert Operator.objects.count() == Membership.objects.count() == 1


def test_without_the_lock_it_would_begin_two():
    start_twice(**WITHOUT_LOCK)

    assert DomesticRegistration.objects.count() == Operator.objects.count() == 2


def test_nobody_gets_onto_both_sides_at_once():
    person = UserFactory()

    outcomes = at_once(*[lambda side=side: registration.start(person, side) for side in Side])

    assert "SideTaken" in names(outcomes)
    assert Operator.objects.count() == 1


@pytest.fixture
def draft():
    draft = DomesticRegistrationFactory()
    draft.created_by = draft.operator.memberships.get().user
    draft.save()
    return draft


def send_twice(draft, **how):
    """The mails that the applicant gets."""
    applicant = draft.created_by
    outcomes = at_once(*[lambda: registration.submit(draft, by=applicant, version=draft.version)] * 2, **how)
    return outcomes, messages_to(applicant.email)


def test_a_double_click_sends_one_registration(draft):
    outcomes, mails = send_twice(draft)

    assert names(outcomes) == ["DomesticRegistration", "NotNow"]
    sent = next(outcome for outcome in outcomes if not isinstance(outcome, Exception))
    draft.refresh_from_db()
    assert draft.reference == sent.reference != ""
    assert mails == ["application_received"]
    assert AuditEvent.objects.filter(act="registration sent").count() == 1


def test_without_the_lock_it_would_send_two(draft):
    outcomes, mails = send_twice(draft, **WITHOUT_LOCK)

    assert len({sent.reference for sent in outcomes}) == 2
    assert mails == ["application_received"] * 2


@pytest.fixture
def sent(draft):
    return registration.submit(draft, by=draft.created_by)


def decide_twice(sent, **how):
    """Two reviewers, of whom one says yes and the other no."""
    yes, no = UserFactory(is_staff=True), UserFactory(is_staff=True)
    return at_once(
        lambda: registration.approve(sent, by=yes, tokyo_office_confirmed=True),
        lambda: registration.decline(sent, by=no, reasons=["not tourism"]),
        **how,
    )


def test_of_two_reviewers_one_decides(sent):
    outcomes = decide_twice(sent)

    assert names(outcomes) == ["DomesticRegistration", "NotNow"]
    decision = Decision.objects.get()
    sent.refresh_from_db()
    assert (sent.status, sent.reviewer) == (decision.outcome, decision.by)
    assert len(messages_to(sent.contact_email)) == 2  # That it arrived, and the answer.


def test_without_the_lock_both_would_decide(sent):
    decide_twice(sent, **WITHOUT_LOCK)

    assert {decision.outcome for decision in Decision.objects.all()} == {"approved", "declined"}


def test_two_approvals_are_one(sent):
    reviewers = [UserFactory(is_staff=True) for _reviewer in range(2)]

    outcomes = at_once(*[lambda by=by: registration.approve(sent, by=by) for by in reviewers])

    assert names(outcomes) == ["DomesticRegistration", "NotNow"]
    assert Decision.objects.count() == 1


def accept_twice(people, **how):
    owner = make_member()
    _invitation, code = membership.invite(owner.acting_for, by=owner, role=Role.EDITOR)
    outcomes = at_once(*[lambda by=by: membership.accept_invitation(code, by=by) for by in people], **how)
    return outcomes, owner.acting_for.memberships.exclude(user=owner).count()


def test_an_invitation_lets_one_of_two_people_in():
    outcomes, joined = accept_twice([UserFactory(), UserFactory()])

    assert names(outcomes) == ["Membership", "WrongCode"]
    assert joined == 1


def test_without_the_lock_it_would_let_both_in():
    _outcomes, joined = accept_twice([UserFactory(), UserFactory()], **WITHOUT_LOCK)

    assert joined == 2


def test_a_double_click_joins_once():
    outcomes, joined = accept_twice([UserFactory()] * 2)

    assert names(outcomes) == ["Membership", "WrongCode"]
    assert joined == 1
    assert AuditEvent.objects.filter(act="joined operator").count() == 1
