"""What is shown of a person in charge belongs to that person alone."""

import pytest

from accounts.models import ShownContact
from accounts.services import membership, operators, registration
from accounts.staff_roles import StaffRole
from privacy import gate
from privacy.purposes import Purpose
from tests.factories import OperatorFactory, make_member

pytestmark = pytest.mark.django_db

ALL = list(ShownContact.values)


@pytest.fixture
def operator():
    operator = OperatorFactory(overseas=True, shown_contact=ALL, contact=None)
    contact = make_member(operator)
    operator.contact, operator.people.contact_email = contact.subject, contact.email
    operator.save()
    operator.people.save()
    return operator


def change(operator, by, **values):
    owner = operator.memberships.get().user
    proposed = registration.propose_change(operator, by=owner)
    for name, value in values.items():
        setattr(proposed, name, value)
    proposed.save()
    registration.approve(registration.submit(proposed, by=owner), by=by)
    operator.refresh_from_db()


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"city": "Nantes"}, ALL),
        ({"contact_name": "Somebody Else"}, [ShownContact.TELEPHONE, ShownContact.ADDRESS]),
    ],
)
def test_choices_end_with_the_person_they_were_made_for(operator, make_staff, values, shown):
    change(operator, make_staff(StaffRole.REVIEWER), **values)

    assert operator.shown_contact == shown


def leave(operator, contact, make_staff):
    membership.remove_member(contact.memberships.get(), by=make_member(operator))


def deactivate(operator, contact, make_staff):
    operators.deactivate(contact, by=make_staff(StaffRole.ADMINISTRATOR), reason="x")


@pytest.mark.req("R043")
@pytest.mark.parametrize("end", [leave, deactivate])
def test_nothing_is_shown_of_who_has_left(operator, make_staff, end):
    subject = operator.contact
    assert gate.fields(subject, Purpose.NETWORKING, surface="listing")[operator.pk]

    end(operator, subject.user, make_staff)

    operator.refresh_from_db()
    assert operator.contact is None
    assert operator.pk not in gate.fields(subject, Purpose.NETWORKING, surface="listing")
