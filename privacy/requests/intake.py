"""Here a request is received; the moment of receipt starts the legal time (R090)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

import outbox

from .. import audit
from ..models import Channel, Regime, Request, Step, Subject
from ..purposes import Purpose
from . import answers, events
from .acts import settle_identity
from .reasons import Identity
from .reminders import officers

SAME_AGAIN = timedelta(days=1)


def laws(*, is_in_europe):
    """Under which laws a request stands: the GDPR holds as well for whoever says that they are there (R102)."""
    return [*Regime] if is_in_europe else [Regime.APPI]


@transaction.atomic
def receive(subject, kind, text, *, by, channel=Channel.CENTRE, regimes=(Regime.APPI, Regime.GDPR), **given):
    """Take a request of `kind` from `by`. Returns it and whether it is new: a double click asks once.

    The person gets its number by mail, and the privacy officers learn of it. Of who is signed in it is not in doubt who
    asks (R099); a restriction of theirs acts at once.
    """
    Subject.objects.select_for_update().get(pk=subject.pk)
    earlier = subject.requests.filter(kind=kind, text=text, received_at__gt=timezone.now() - SAME_AGAIN).first()
    if earlier:
        return earlier, False
    request = Request.objects.create(
        subject=subject,
        kind=kind,
        text=text,
        channel=channel,
        regimes=[*regimes],
        **{"language": subject.language} | given,
    )
    events.record(request, Step.RECEIVED, by=by)
    audit.record(by, "request received", request, kind=kind)
    is_signed_in = channel == Channel.CENTRE and by and by.subject_id == subject.pk
    if is_signed_in:
        settle_identity(request, Identity.SIGNED_IN, by=by)
    about = {"number": request.number, "kind": kind}
    outbox.post(
        subject,
        Purpose.RIGHTS,
        "privacy/emails/request_received",
        **about,
        is_signed_in=bool(is_signed_in),
        link=answers.link_to_page(request),
    )
    for officer in officers():
        outbox.post(officer.subject, Purpose.ADMINISTRATION, "privacy/emails/request_waiting", **about)
    return request, True
