"""What becomes of requests and of mail when a person is erased."""

import outbox
from outbox.models import Message

from .endings import address_source, ends
from .models import Request


@address_source
def addresses_of_requests(subject):
    """Where answers went; an agent's address is not the person's."""
    return Request.objects.filter(subject=subject, mandate=None).exclude(email="").values_list("email", flat=True)


@ends(Message)
def forget_mail(rows, person):
    return outbox.forget(rows, addresses=person.addresses, values=person.values)
