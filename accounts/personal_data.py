"""What `accounts` holds about people, and for which purpose it may be handed out."""

from privacy.declarations import Contact, contact_source, field_source
from privacy.purposes import Purpose

from .models import OperatorPeople, ShownContact, User


@contact_source
def account_address(ref):
    user = User.objects.filter(subject__ref=ref, is_active=True).select_related("subject").first()
    return user and Contact(user.email, user.language)


@contact_source
def person_in_charge_address(ref):
    named = OperatorPeople.objects.filter(operator__contact__ref=ref).exclude(contact_email="")
    people = named.select_related("operator__contact").first()
    return people and Contact(people.contact_email, people.operator.contact.language)


@field_source(Purpose.NETWORKING)
def chosen_contact(subject):
    """Of the operators whose person in charge `subject` is: what the owner chose to show, by operator's key."""
    return {
        operator.pk: {
            name: operator.values.get("street_address" if name == ShownContact.ADDRESS else name, "")
            for name in operator.shown_contact
        }
        for operator in subject.operators.select_related("people")
    }
