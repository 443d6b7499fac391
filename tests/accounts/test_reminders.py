"""Reviewers are reminded of what waits, once a day, and only of what they may do something about."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import tasks
from accounts.services import operators
from accounts.services import registration as services
from accounts.services.reminders import remind_reviewers
from accounts.staff_roles import StaffRole
from outbox.models import Message, State
from tests.accounts.mail import messages_to, read_all
from tests.factories import DomesticRegistrationFactory, OverseasRegistrationFactory, UserFactory
from tmgportal.celery import app

pytestmark = pytest.mark.django_db


def overdue(factory=DomesticRegistrationFactory):
    registration = factory()
    registration = services.submit(registration, by=registration.operator.memberships.get().user)
    registration.due_on = timezone.localdate() - timedelta(days=1)
    registration.save()
    Message.objects.all().delete()


def stuck(state=State.SET_ASIDE):
    Message.objects.create(
        purpose="account",
        template="accounts/emails/login_code",
        context={},
        state=state,
        expires_at=timezone.now() + timedelta(days=1),
        handed_over_at=timezone.now() if state == State.IN_DOUBT else None,
    )


@pytest.fixture
def reviewer(make_staff):
    return make_staff(StaffRole.REVIEWER)


def test_both_sides_and_both_kinds_of_stuck_messages_are_counted(reviewer):
    overdue()
    overdue(OverseasRegistrationFactory)
    stuck()
    stuck(State.IN_DOUBT)

    assert remind_reviewers() == 1

    message = Message.objects.get(template="accounts/emails/staff_reminder")
    assert message.context == {"overdue": 2, "stuck": 2}


@pytest.mark.parametrize("what", [overdue, stuck])
def test_a_reminder_reads_well_whatever_waits(reviewer, what):
    what()
    remind_reviewers()
    Message.objects.filter(to_ref=None).delete()
    (message,) = read_all()
    assert message.subject.startswith("1 ")
    assert "\n\n\n" not in message.body.partition("-- ")[0]


def test_nothing_waits_nobody_is_reminded(reviewer):
    assert remind_reviewers() == 0
    assert not Message.objects.exists()


def test_once_a_day(reviewer):
    overdue()
    assert [remind_reviewers(), remind_reviewers()] == [1, 0]

    Message.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert remind_reviewers() == 1


@pytest.mark.parametrize("role", StaffRole)
def test_who_is_reminded(make_staff, role):
    person = make_staff(role)
    UserFactory()
    overdue()
    remind_reviewers()
    reminded = messages_to(person.email) == ["staff_reminder"]
    assert reminded is (role in (StaffRole.ADMINISTRATOR, StaffRole.REVIEWER))


def test_who_left_is_not_reminded(reviewer):
    overdue()
    operators.deactivate(reviewer, by=None, reason="left")
    assert remind_reviewers() == 0


def test_the_command_counts_first(reviewer):
    overdue()
    said = StringIO()
    call_command("remind_reviewers", "--dry-run", stdout=said)
    assert not Message.objects.exists()
    call_command("remind_reviewers", stdout=said)
    assert said.getvalue().splitlines() == ["1 reviewers would be reminded", "1 reviewers reminded"]


def test_beat_rings_for_both_services(reviewer):
    overdue()
    stale = UserFactory(date_joined=timezone.now() - timedelta(days=2))
    stale.emailaddress_set.update(verified=False)

    for task in (tasks.remind_reviewers, tasks.delete_unverified_signups):
        assert task.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
        task()

    assert messages_to(reviewer.email) == ["staff_reminder"]
    assert not type(stale).objects.filter(pk=stale.pk).exists()
