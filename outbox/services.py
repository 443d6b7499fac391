import logging
from contextlib import suppress
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from outbox import doorbell
from outbox.addresses import Address, seal, unseal
from outbox.models import WIPED, Message, State

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


@transaction.atomic
def forget(messages, *, addresses, values) -> int:
    """Of somebody whose data are deleted nothing waits any more. Returns how many messages are gone or wiped.

    `messages`, those to them, are deleted: what is just being sent then stops before it is handed over. Whatever else
    goes to one of `addresses` (in lower case), says one, or says one of `values`, ends without its content.
    """
    deleted, _by_model = messages.delete()
    theirs = [message.pk for message in Message.objects.holding_content() if _is_of(message, addresses, values)]
    wiped = Message.objects.filter(pk__in=theirs).update(
        state=State.EXPIRED, leased_until=None, handed_over_at=None, **WIPED
    )
    return deleted + wiped


def _is_of(message, addresses, values):
    # What was sealed with a key that is gone reaches nobody.
    with suppress(InvalidToken):
        if message.sealed_to and unseal(message.sealed_to).email.lower() in addresses:
            return True
    said = list(_texts(message.context))
    return any(text in values or any(address in text.lower() for address in addresses) for text in said)


def _texts(said):
    """Every text in what JSON can hold."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for part in said.values() if isinstance(said, dict) else said:
            yield from _texts(part)


def _ring_after_commit(message: Message) -> None:
    transaction.on_commit(lambda: doorbell.ring(message.pk), robust=True)
