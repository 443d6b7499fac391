"""What officers do about an erasure, in the admin (R094)."""

import pytest
from django.urls import reverse

from accounts.staff_roles import StaffRole
from privacy import erasure
from privacy.models import AuditEvent, Erasure, LegalHold
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("R094")]


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def officer(client, make_staff):
    person = make_staff(StaffRole.OFFICER)
    client.force_login(person)
    return person


@pytest.fixture
def begun():
    return erasure.start(UserFactory().subject, "closure")


def page(row, *act):
    return reverse(f"admin:privacy_erasure_{'act' if act else 'change'}", args=[row.pk, *act])


def test_an_officer_hastens_it_once(client, officer, begun):
    assert page(begun, "expedite") in client.get(page(begun)).content.decode()

    client.post(page(begun, "expedite"))

    assert [one.pk for one in erasure.due()] == [begun.pk]
    assert AuditEvent.objects.filter(act="erasure hastened", by=officer).exists()
    assert page(begun, "expedite") not in client.get(page(begun)).content.decode()


def test_an_officer_stops_it(client, officer, begun):
    client.post(page(begun, "call-off"))

    begun.refresh_from_db()
    assert begun.called_off_at
    assert "decide/" not in client.get(page(begun)).content.decode()


def test_that_a_legal_hold_holds_it_shows(client, officer, begun):
    today = begun.frozen_at.date()
    LegalHold.objects.create(
        subject=begun.subject, reason="Case 7", ends_on=today.replace(year=9999), placed_by=officer
    )

    assert client.get(page(begun)).content.decode().count("icon-yes") == 1


@pytest.mark.parametrize(("state", "found"), [("under way", 1), ("done", 1), ("called off", 0), ("", 2)])
def test_the_list_is_narrowed_by_state(client, officer, begun, state, found):
    erasure.erase(erasure.start(UserFactory().subject, "child").pk)

    answer = client.get(reverse("admin:privacy_erasure_changelist"), {"state": state} if state else {})

    assert len(answer.context["cl"].result_list) == found
    assert Erasure.objects.count() == 2


def test_nobody_else_decides(client, make_staff, begun):
    client.force_login(make_staff(StaffRole.AUDITOR))

    assert client.get(page(begun)).status_code == 200
    assert client.post(page(begun, "expedite")).status_code == 403
