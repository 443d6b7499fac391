"""The start page of the staff says what waits, each thing only to who may do something about it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Operator
from accounts.services import registration as services
from accounts.staff_roles import StaffRole
from inquiries import services as inquiries
from inquiries.models import Inquiry
from networking.models import Introduction
from outbox.models import Message, State
from privacy.models import RecipientRole, ReviewSubject
from tests.factories import DomesticRegistrationFactory, OperatorFactory, OverseasRegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def sent(factory, *, overdue=False):
    registration = factory()
    registration = services.submit(registration, by=registration.operator.memberships.get().user)
    if overdue:
        registration.due_on = timezone.localdate() - timedelta(days=1)
        registration.save()
    return registration


def stuck(state):
    Message.objects.create(
        purpose="account",
        template="x",
        state=state,
        expires_at=timezone.now(),
        handed_over_at=timezone.now() if state == State.IN_DOUBT else None,
    )


def asked(kind, *, relation=None, child_email="", place="", **values):
    """An inquiry of this kind, of a guardian where `relation` is given; the fields named by `values` are set."""
    letter = {"kind": kind, "name": "", "email": "sender@elsewhere.example", "number": "", "message": "Good day"}
    if relation:
        letter |= {"relation": relation, "child_email": child_email, "place": place}
    inquiry = inquiries.send(letter, key=uuid.uuid4(), language="en").inquiry
    Inquiry.objects.filter(pk=inquiry.pk).update(**values or {"state": "new"})


def figures(client):
    """{label: count} as the page shows them."""
    page = client.get(reverse("admin:index")).content.decode()
    return {label.strip(): int(count) for count, label in re.findall(r"<strong>(\d+)</strong>([^<]+)</a>", page)}


def test_what_waits_is_counted(client, make_staff):
    sent(DomesticRegistrationFactory)
    sent(DomesticRegistrationFactory, overdue=True)
    sent(OverseasRegistrationFactory)
    OperatorFactory(status=Operator.Status.CONTACT_NEEDED)
    stuck(State.SET_ASIDE)
    stuck(State.IN_DOUBT)
    sender, recipient = OperatorFactory(), OperatorFactory(overseas=True)
    now = timezone.now()
    for reported_at, settled_at in ((now, None), (now, now), (None, None)):
        Introduction.objects.create(
            sender=sender,
            recipient=recipient,
            text="x",
            form_key=sender.ref,
            reported_at=reported_at,
            settled_at=settled_at,
        )
        sender = OperatorFactory()
    asked("general")
    asked("press", due_on=timezone.localdate() - timedelta(days=1))
    asked("privacy")
    client.force_login(make_staff(StaffRole.REVIEWER))

    assert figures(client) == {
        "Tokyo registrations": 2,
        "overdue: Tokyo registrations": 1,
        "overseas registrations": 1,
        "businesses without an owner": 1,
        "messages set aside": 1,
        "messages in doubt": 1,
        "introductions reported": 1,
        "inquiries": 2,
        "inquiries overdue": 1,
    }


def test_what_is_about_personal_data_is_counted_for_the_officer(client, make_staff):
    asked("general")
    asked("privacy")
    asked("child", relation="parent", child_email="child@elsewhere.example", place="")
    client.force_login(make_staff(StaffRole.OFFICER))

    assert figures(client) == {
        "inquiries": 3,
        "reports about children’s data to decide": 1,
        "open requests about own data": 0,
        "reviews overdue": len(ReviewSubject) + len(RecipientRole),
    }


@pytest.mark.parametrize(
    ("role", "count"),
    [
        (StaffRole.ADMINISTRATOR, 7),
        (StaffRole.REVIEWER, 7),
        (StaffRole.OFFICER, 3),
        (StaffRole.AUDITOR, 0),
        (StaffRole.CONTRACTOR, 0),
        (StaffRole.EDITOR, 0),
    ],
)
def test_for_whom_it_waits(client, make_staff, role, count):
    registration = sent(DomesticRegistrationFactory)
    client.force_login(make_staff(role))
    assert len(figures(client)) == count
    reviews = role in (StaffRole.ADMINISTRATOR, StaffRole.REVIEWER)
    assert (registration.business_name in client.get(reverse("admin:index")).content.decode()) is reviews


def test_each_figure_leads_to_the_rows_it_counts(client, make_staff):
    sent(DomesticRegistrationFactory, overdue=True)
    sent(OverseasRegistrationFactory)
    OperatorFactory(status=Operator.Status.CONTACT_NEEDED)
    stuck(State.SET_ASIDE)
    asked("general", due_on=timezone.localdate() - timedelta(days=1))
    asked("general", state="waiting")
    asked("child", relation="parent", child_email="child@elsewhere.example", place="")
    client.force_login(make_staff(StaffRole.ADMINISTRATOR))

    page = client.get(reverse("admin:index")).content.decode()

    for address, count in re.findall(r'<a href="([^"]+)"><strong>(\d+)</strong>', page):
        assert len(client.get(address).context["cl"].result_list) == int(count), address


def test_the_oldest_promise_comes_first_and_says_in_words_that_it_is_late(client, make_staff):
    recent, late = sent(OverseasRegistrationFactory), sent(DomesticRegistrationFactory, overdue=True)
    client.force_login(make_staff(StaffRole.REVIEWER))

    page = client.get(reverse("admin:index")).content.decode()
    rows = re.findall(r'<th scope="row">.*?</tr>', page, re.DOTALL)

    assert [registration.reference in row for registration, row in zip((late, recent), rows[:2], strict=True)] == [
        True
    ] * 2
    assert ["Overdue" in row for row in rows[:2]] == [True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_a_fixed_number_of_queries(client, make_staff, count, django_assert_num_queries):
    for _number in range(count):
        sent(DomesticRegistrationFactory)
        sent(OverseasRegistrationFactory, overdue=True)
    client.force_login(make_staff(StaffRole.REVIEWER))
    client.get(reverse("admin:index"))
    with django_assert_num_queries(23):
        client.get(reverse("admin:index"))
