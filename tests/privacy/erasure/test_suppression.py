"""Who objected to mail and was erased is not written to again when the address comes back (GDPR Art. 21(3))."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AddressProof
from accounts.services import registration
from accounts.staff_roles import StaffRole
from privacy import consent, erasure, gate, suppression
from privacy.models import Suppression
from privacy.purposes import Purpose
from tests.factories import DomesticRegistrationFactory, SubjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("R096")]
MAIL = Purpose.CITY_INFORMATION, "city-activities"


def erased(person):
    return erasure.erase(erasure.start(person.subject, "child").pk)


def objected():
    """The address of somebody who objected to the city's mail, and is erased."""
    person = UserFactory()
    consent.object_to(person.subject, *MAIL)
    address = person.email
    erased(person)
    return address


def may_be_written_to(subject):
    purpose, topic = MAIL
    return gate.may_send(subject.ref, purpose, topic)


def test_the_address_stays_as_a_fingerprint_only():
    address = objected()

    one = Suppression.objects.get()
    assert (one.purpose, one.topic) == MAIL
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(one)::text FROM privacy_suppression one")
        assert address not in cursor.fetchone()[0]


def test_of_who_did_not_object_nothing_stays():
    person = UserFactory()
    consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")
    consent.object_to(person.subject, Purpose.STATISTICS)

    erased(person)

    assert not Suppression.objects.exists()


def test_whoever_comes_back_with_the_address_has_objected_and_can_take_it_back():
    address, subject, stranger = objected(), SubjectFactory(), SubjectFactory()

    suppression.carry_over(subject, address.upper())
    suppression.carry_over(stranger, "somebody.else@business.example")

    assert [may_be_written_to(one) for one in (subject, stranger)] == [False, True]
    consent.take_back_objection(subject, *MAIL)
    assert may_be_written_to(subject)


def test_a_key_that_was_replaced_still_knows_the_address(settings):
    address, subject = objected(), SubjectFactory()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]

    suppression.carry_over(subject, address)

    assert not may_be_written_to(subject)


def test_a_business_that_names_the_address_brings_no_mail_to_it(make_staff):
    address = objected()
    application = DomesticRegistrationFactory()
    author = application.operator.memberships.get().user
    type(application).objects.filter(pk=application.pk).update(contact_email=address, created_by=author)
    application.refresh_from_db()
    now = timezone.now()
    AddressProof.objects.create(operator=application.operator, email=address, expires_at=now, verified_at=now)
    registration.submit(application, by=author)

    registration.approve(application, by=make_staff(StaffRole.REVIEWER), tokyo_office_confirmed=True)

    application.operator.refresh_from_db()
    assert application.operator.contact not in (None, author.subject)
    assert not may_be_written_to(application.operator.contact)
