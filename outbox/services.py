import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from outbox import doorbell
from outbox.addresses import Address, seal
from outbox.models import Message, State

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)


def post(
    to, purpose: str, template: str, *, topic: str = "", expires: datetime | timedelta | None = None, **context
) -> Message:
    """Write a message in the transaction of the act it tells of; it is delivered after the commit, or not at all.

    `purpose`, and within it `topic`, is what it is sent for; whether it may be is asked at delivery.

    `to` has a `ref` (a person the portal knows), or is an `Address`. The texts are `template` with `.subject.txt`,
    `.txt` and optionally `.html`, rendered at delivery in the reader's language; `context` is what JSON can hold.
    After `expires` (a moment, or a time from now; otherwise thirty days) nothing is sent and the content is wiped.
    """
    one_off = isinstance(to, Address)
    expires = KEPT if expires is None else expires
    message = Message.objects.create(
        to_ref=None if one_off else to.ref,
        sealed_to=seal(to) if one_off else None,
        purpose=str(purpose),
        topic=topic,
        template=template,
        context=context,
        expires_at=timezone.now() + expires if isinstance(expires, timedelta) else expires,
    )
    _ring_after_commit(message)
    return message


@transaction.atomic
def send_again(messages, *, by) -> list[Message]:
    """Let stuck messages wait again: those that were. One in doubt may then arrive twice."""
    again = list(messages.repeatable().select_for_update())
    for message in again:
        message.state, message.problem, message.response = State.WAITING, "", ""
        message.handed_over_at, message.crashes, message.not_before = None, 0, timezone.now()
        message.save()
        logger.info("outbox message to be sent again id=%s by=%s", message.pk, by.pk)
        _ring_after_commit(message)
    return again


def _ring_after_commit(message: Message) -> None:
    transaction.on_commit(lambda: doorbell.ring(message.pk), robust=True)
