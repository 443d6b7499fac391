"""What `accounts` holds about people, and for which purpose it may be handed out."""

from privacy.declarations import Contact, contact_source, field_source
from privacy.purposes import Purpose

from .models import Operator, ShownContact, User

PERSONAL_FIELDS = ("representative_name", "contact_name", "contact_telephone", "contact_email")


@contact_source
def account_address(ref):
    user = User.objects.filter(subject__ref=ref, is_active=True).select_related("subject").first()
    return user and Contact(user.email, user.language)


@contact_source
def person_in_charge_address(ref):
    operator = Operator.objects.filter(contact__ref=ref).exclude(contact_email="").select_related("contact").first()
    return operator and Contact(operator.contact_email, operator.contact.language)


@field_source(Purpose.NETWORKING)
def chosen_contact(subject):
    """Of the operators whose person in charge `subject` is: what the owner chose to show, by operator's key."""
    return {
        operator.pk: {
            name: getattr(operator, "street_address" if name == ShownContact.ADDRESS else name)
            for name in operator.shown_contact
        }
        for operator in subject.operators.all()
    }
