"""Improvement goes on: what is looked at again, and the overview of what is open (R154, R153)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.staff_roles import StaffRole
from privacy import overview, requests, reviews
from privacy.models import Oversight, Recipient, Review, ReviewSubject
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def overdue():
    return {what for what, _day, is_overdue in reviews.due(TODAY) if is_overdue}


@pytest.mark.req("R154")
def test_what_was_never_looked_at_is_overdue():
    assert {subject.label for subject in ReviewSubject} <= overdue()


@pytest.mark.req("R154")
def test_the_newest_review_decides():
    Review.objects.create(subject="staff", on="2026-01-01", next_on="2026-07-01", result="-")
    assert ReviewSubject.STAFF.label in overdue()

    Review.objects.create(subject="staff", on="2026-06-30", next_on="2026-11-25", result="-")
    assert ReviewSubject.STAFF.label not in overdue()


@pytest.mark.req("R153", "R065")
def test_a_recipient_that_nobody_looked_after_in_time_is_overdue():
    recipient = Recipient.objects.current(timezone.now()).first()
    assert recipient.name("en") in overdue()

    Oversight.objects.create(recipient=recipient, on="2026-10-01", result="-", next_on="2027-10-01")

    assert recipient.name("en") not in overdue()


def test_the_page_shows_what_is_open_and_overdue(client, make_staff, settings, time_machine):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    officer = make_staff(StaffRole.OFFICER)
    requests.receive(UserFactory().subject, "access", "", by=None)
    time_machine.move_to(timezone.now() + timedelta(days=40))
    client.force_login(officer)

    response = client.get(reverse("admin:privacy_overview"))

    assert response.context["requests"]["overdue"] == 1
    assert [(state, count) for state, count in response.context["requests"]["states"]] == [("received", 1)]
    page = response.content.decode()
    assert "Never reviewed" in page
    assert (1, "requests overdue", reverse("admin:privacy_request_changelist") + "?state=overdue") in response.context[
        "today"
    ]
    assert page.index("To do today") < page.index("What is open")


@pytest.mark.req("R154")
def test_of_an_answered_request_no_day_is_due(time_machine):
    asked = requests.receive(UserFactory().subject, "access", "", by=None)[0]
    newest = asked.newest
    dates = {name: getattr(newest, name) for name in ("due_on", "internal_on", "governed_by")}
    asked.events.create(step="delivered", state="delivered", **dates)

    time_machine.move_to(timezone.now() + timedelta(days=40))

    assert overview.requests()["overdue"] == 0
    assert overview.requests()["next"] is None


@pytest.mark.req("R154", "R153", "R080", "R081")
def test_each_register_comes_into_the_day_once_something_is_due(db):
    quiet = overview.everything()
    due = {
        "requests": {"overdue": 1, "soon": 2},
        "registers": {"overdue": 3, "disclosures": 4},
        "erasures": {"late": 5},
        "hand_overs": {"release": 6, "destroy": 7, "failed": 8},
        "retention": {"stopped": 9},
        "reviews": [("Staff", None, True)] * 10,
    }

    assert sorted(count for count, _label, _url in overview.today(due)) == [*range(1, 11)]
    assert [label for _count, label, _url in quiet["today"]] == ["reviews overdue"]


def test_the_overview_counts_nothing_where_nothing_is():
    assert overview.requests() == {"states": [], "overdue": 0, "soon": 0, "next": None}
    assert overview.registers() == {"breaches": 0, "overdue": 0, "disclosures": 0}
    assert set(overview.hand_overs().values()) == {0}
