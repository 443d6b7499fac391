"""What becomes of requests and of mail when a person is erased."""

from django.db.models import Exists, OuterRef, Q

import outbox
from outbox.models import Message

from .endings import address_source, ends
from .models import Request, RequestEvent, Step
from .requests.reasons import Identity


@address_source
def addresses_of_requests(subject):
    """Where answers went; an agent's address is not the person's, nor is one that nobody has confirmed."""
    confirmed = Q(step=Step.ADDRESS_PROVEN) | Q(step=Step.IDENTITY_SETTLED) & ~Q(codes__contains=[Identity.NOT_PROVEN])
    events = RequestEvent.objects.filter(confirmed, request=OuterRef("pk"))
    asked = Request.objects.filter(Exists(events), subject=subject, mandate=None)
    return asked.exclude(email="").values_list("email", flat=True)


@ends(Message)
def forget_mail(rows, person):
    return outbox.forget(rows, addresses=person.addresses, values=person.values)
