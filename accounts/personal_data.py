"""What `accounts` holds about people, and for which purpose it may be handed out."""

from privacy.declarations import Contact, contact_source, field_source
from privacy.purposes import Purpose

from .models import Operator, OperatorPeople, ShownContact, User


@contact_source
def account_address(ref):
    user = User.objects.filter(subject__ref=ref, is_active=True).select_related("subject").first()
    return user and Contact(user.email, user.language)


@contact_source
def person_in_charge_address(ref):
    named = OperatorPeople.objects.filter(operator__contact__ref=ref).exclude(contact_email="")
    people = named.select_related("operator__contact").first()
    return people and Contact(people.contact_email, people.operator.contact.language)


# Without these nobody can tell which business is meant, nor on which side it stands (R064).
MINIMUM = ("ref", "business_name", "country", "tokyo_municipality", "side")


@field_source(Purpose.NETWORKING, minimum=MINIMUM)
def chosen_contact(subjects):
    """Of the operators whose persons in charge these are, by operator's key: what the owner chose to show."""
    found = {}
    for operator in Operator.objects.filter(contact__in=subjects).select_related("people"):
        shown = {
            name: operator.values.get("street_address" if name == ShownContact.ADDRESS else name, "")
            for name in operator.shown_contact
        }
        least = {name: getattr(operator, name) for name in MINIMUM}
        found.setdefault(operator.contact_id, {})[operator.pk] = least | shown
    return found
