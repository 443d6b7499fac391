"""Staff who open the page of somebody whose data may not be used are told so (R095; GDPR Art. 18(2))."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.services import registration as registration_services
from accounts.staff_roles import StaffRole
from inquiries import services
from privacy import consent, erasure
from privacy.admin.gated import is_restricted
from tests.factories import DomesticRegistrationFactory, SubjectFactory, UserFactory, make_member

SAID = {
    "en": "The use of this person’s data is restricted.",
    "ja": "この方のデータは利用が制限されています。",
}

pytestmark = [pytest.mark.django_db, pytest.mark.req("R095")]


@pytest.fixture(autouse=True)
def _officer(client, make_staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff(StaffRole.OFFICER))


def of_a_member():
    person = make_member()
    return person.subject, [person, person.memberships.get(), person.memberships.get().operator]


def of_a_registration():
    registration = DomesticRegistrationFactory()
    registration.created_by = registration.operator.memberships.get().user
    registration.save()
    return registration.created_by.subject, [registration_services.submit(registration, by=registration.created_by)]


def of_an_inquiry():
    letter = {"kind": "general", "name": "Sam", "email": "sam@elsewhere.example", "number": "", "message": "When?"}
    inquiry = services.send(letter, key=uuid.uuid4(), language="en").inquiry
    return inquiry.subject, [inquiry]


def of_an_erasure():
    begun = erasure.start(SubjectFactory(), "closure")
    consent.lift_restriction(begun.subject)
    return begun.subject, [begun]


def told(client, rows, language="en"):
    """Of each row, whether its page says that the use of the data is restricted."""
    pages = []
    for row in rows:
        page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        pages.append(client.get(page.replace("/en/", f"/{language}/", 1)))
    assert {page.status_code for page in pages} == {200}
    return [SAID[language] in page.content.decode() for page in pages]


@pytest.mark.parametrize("make", [of_a_member, of_a_registration, of_an_inquiry, of_an_erasure])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_of_a_restricted_person_says_so_and_no_other(client, make, language):
    subject, rows = make()
    consent.restrict(SubjectFactory())
    assert set(told(client, rows, language)) == {False}

    consent.restrict(subject)
    assert set(told(client, rows, language)) == {True}

    consent.lift_restriction(subject)
    assert set(told(client, rows, language)) == {False}


def test_it_says_so_while_the_person_is_being_erased(client):
    subject, rows = of_a_member()

    erasure.start(subject, "closure")

    assert set(told(client, rows)) == {True}


def test_a_restriction_that_has_lapsed_is_none():
    person = UserFactory()

    consent.restrict(person.subject, until=timezone.now() - timedelta(seconds=1))

    assert not is_restricted(person)


def test_it_asks_once(django_assert_num_queries):
    _subject, rows = of_a_member()

    with django_assert_num_queries(len(rows)):
        assert not any(map(is_restricted, rows))
