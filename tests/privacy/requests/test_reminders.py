"""Privacy officers are reminded of requests before and after their legal day, once a day (L02, L07)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.staff_roles import StaffRole
from outbox.models import Message
from privacy import requests, tasks
from privacy.models import Outcome, Regime, Step
from privacy.requests.reminders import begins_on, remind_officers
from tests.accounts.mail import messages_to
from tests.factories import make_member
from tmgportal.celery import app

TODAY = date(2027, 3, 15)


@pytest.mark.parametrize(
    ("days", "since"), [(8, None), (7, -7), (6, -7), (4, -7), (3, -3), (2, -3), (1, -1), (0, 0), (-1, 1), (-400, 400)]
)
def test_a_reminder_counts_from_its_day_and_is_made_up_for_where_it_was_missed(days, since):
    due_on = TODAY + timedelta(days=days)

    assert begins_on(due_on, TODAY) == (None if since is None else due_on + timedelta(days=since))


@given(st.integers(-30, 60))
def test_no_reminder_counts_from_a_day_that_is_still_to_come(days):
    begins = begins_on(TODAY + timedelta(days=days), TODAY)

    assert begins is None or begins <= TODAY


@pytest.fixture
def officer(make_staff):
    return make_staff(StaffRole.OFFICER)


def due_in(days):
    """A request under the Japanese law whose legal day is so many days from now."""
    person = make_member()
    received = timezone.now() - timedelta(days=30 - days)
    request, _is_new = requests.receive(
        person.subject, "access", "", by=person, regimes=[Regime.APPI], received_at=received
    )
    Message.objects.all().delete()
    return request


@pytest.mark.req("L02", "L07")
@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_told"), [(8, False), (7, True), (1, True), (0, True), (-5, True)])
def test_a_request_is_named_a_week_before_and_daily_at_the_end(officer, days, is_told):
    request = due_in(days)

    assert remind_officers() == is_told

    assert messages_to(officer.email) == ["request_reminder"] * is_told
    assert request.events.filter(step=Step.REMINDED).count() == is_told


@pytest.mark.django_db
def test_once_a_day_and_of_all_requests_in_one_mail(officer):
    late, soon = due_in(-2), due_in(3)

    assert [remind_officers(), remind_officers()] == [2, 0]

    [message] = Message.objects.all()
    today = timezone.localdate()
    assert message.context["requests"] == [
        [late.number, (today - timedelta(days=2)).isoformat(), True],
        [soon.number, (today + timedelta(days=3)).isoformat(), False],
    ]


@pytest.mark.django_db
def test_what_is_answered_or_taken_back_is_not_named(officer):
    answered, withdrawn = due_in(-1), due_in(-1)
    requests.begin_review(answered, by=officer)
    requests.decide(answered, Outcome.REFUSED, refusals=["not held"], by=officer)
    assert remind_officers(dry_run=True) == 2

    requests.deliver(answered, "We hold nothing.", by=officer)
    requests.withdraw(withdrawn, by=officer)

    assert remind_officers() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("role", StaffRole)
def test_who_may_answer_is_reminded_and_nobody_else(make_staff, role):
    person = make_staff(role)
    due_in(0)
    remind_officers()

    assert ("request_reminder" in messages_to(person.email)) is (role == StaffRole.OFFICER)


@pytest.mark.django_db
def test_the_command_counts_first_and_beat_rings(officer):
    due_in(0)
    said = StringIO()

    call_command("remind_officers", "--dry-run", stdout=said)
    assert not Message.objects.exists()
    assert tasks.remind_officers.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    tasks.remind_officers()
    call_command("remind_officers", stdout=said)

    assert messages_to(officer.email) == ["request_reminder"]
    assert said.getvalue().splitlines() == ["1 requests would be named", "0 requests named"]
