"""What the portal has written: messages as their readers get them."""

from outbox.addresses import Address, unseal
from outbox.composing import compose
from outbox.models import Message
from privacy.contacts import contact_of


def address_of(message):
    """Where the message would go now."""
    if message.to_ref is None:
        return unseal(message.sealed_to)
    contact = contact_of(message.to_ref, message.purpose)
    return Address(contact.address, contact.language)


def messages_to(email):
    """The names of the templates written to `email`, oldest first."""
    messages = Message.objects.order_by("pk")
    return [message.template.rpartition("/")[2] for message in messages if address_of(message).email == email]


def last_code():
    return Message.objects.filter(context__has_key="code").latest("pk").context["code"]


def read_all():
    """Every message as composed mail, oldest first."""
    return [compose(message, address_of(message)) for message in Message.objects.order_by("pk")]
