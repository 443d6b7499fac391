"""Sending what waits: claimed by one sender, handed over once.

Between two commits stands one step each, so that a crash anywhere leaves a row that says what may have happened:
claimed ("sending"), about to be handed over (`handed_over_at`), answered. See `MessageQuerySet.settle_lost`.
"""

import logging
import re
import smtplib
import time
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from outbox import smtp
from outbox.addresses import Address, unseal
from outbox.composing import compose
from outbox.models import WIPED, Message, MessageQuerySet, Problem, State

logger = logging.getLogger(__name__)

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60)]
# Asking, rendering and connecting. A sender that takes longer finds at the handing over that it lost the message.
CLAIM = timedelta(minutes=2)
# Every command of a handing over may take its whole time-out.
HANDING_OVER = timedelta(seconds=4 * smtp.COMMAND + smtp.FINAL_DOT)
SWEEP_MESSAGES, SWEEP_SECONDS = 200, 20


class NotPermitted(Exception):
    def __init__(self, problem: Problem):
        self.problem = problem


def sweep() -> int:
    """Settle what was left lying and send what is due, within bounds: how many were tried."""
    Message.objects.settle_lost()
    Message.objects.settle_expired()
    tried, end = 0, time.monotonic() + SWEEP_SECONDS
    while tried < SWEEP_MESSAGES and time.monotonic() < end and deliver(Message.objects.all()):
        tried += 1
    return tried


def deliver(messages: MessageQuerySet) -> bool:
    """Try the first of `messages` that is due. False if none is, or others are at work on all of them."""
    message = _claim(messages)
    if message is None:
        return False
    outcome = _send(message)
    # Its own sender may still answer for a message that was taken to be in doubt.
    ours = Message.objects.filter(
        pk=message.pk, attempts=message.attempts, state__in=[State.SENDING, State.IN_DOUBT]
    ).update(leased_until=None, **outcome)
    if ours:
        logger.info("outbox message %s id=%s problem=%s", outcome["state"], message.pk, outcome.get("problem", ""))
    return True


def _claim(messages: MessageQuerySet) -> Message | None:
    with transaction.atomic(durable=True):
        message = messages.due().select_for_update(skip_locked=True).first()
        if message is not None:
            message.state = State.SENDING
            message.attempts += 1
            message.leased_until = timezone.now() + CLAIM
            message.save(update_fields=["state", "attempts", "leased_until"])
    return message


def _send(message: Message) -> dict:
    """The fields that change by one attempt."""
    try:
        mail = compose(message, _address_of(message))
    except NotPermitted as refusal:
        return {"state": State.REFUSED, "problem": refusal.problem, **WIPED}
    except DatabaseError:
        raise  # Says nothing about the message: it waits again when its lease ends.
    except Exception as error:  # Whatever is wrong with one message, the others go on.
        return _set_aside(Problem.UNWRITABLE, type(error).__name__)

    connection = get_connection()
    try:
        return _transmit(message, mail, connection)
    finally:
        with suppress(OSError):
            connection.close()


def _transmit(message: Message, mail: EmailMessage, connection: BaseEmailBackend) -> dict:
    try:
        connection.open()
    except OSError as error:
        return _later(message, Problem.UNREACHABLE, _summary(error))
    if not _begin_handing_over(message):
        return {}
    try:
        connection.send_messages([mail])
    except smtp.Unanswered as error:
        return {"state": State.IN_DOUBT, "problem": Problem.UNANSWERED, "response": type(error.__cause__).__name__}
    except OSError as error:
        summary = _summary(error)
        if summary.startswith("5"):
            return _set_aside(Problem.REJECTED, summary)
        return _later(message, Problem.POSTPONED, summary)
    return {"state": State.SENT, "sent_at": timezone.now(), "problem": "", "response": "", **WIPED}


def _address_of(message: Message) -> Address:
    """Asked now and not when it was posted: consent may be withdrawn, and an address change, while a message waits."""
    if message.to_ref is None:
        return unseal(message.sealed_to)
    what_for = message.to_ref, message.purpose, message.topic
    if not import_string(settings.OUTBOX_MAY_SEND)(*what_for):
        raise NotPermitted(Problem.NOT_PERMITTED)
    contact = import_string(settings.OUTBOX_CONTACT_OF)(*what_for)
    if contact is None:
        raise NotPermitted(Problem.NO_ADDRESS)
    return Address(contact.address, contact.language, contact.has_account)


def _begin_handing_over(message: Message) -> bool:
    """Write down, for good, that from now on the message may have been sent. False if it is another's by now."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        return bool(
            Message.objects.filter(pk=message.pk, attempts=message.attempts, state=State.SENDING).update(
                handed_over_at=now, leased_until=now + HANDING_OVER
            )
        )


def _later(message: Message, problem: Problem, response: str) -> dict:
    if message.attempts > len(BACK_OFF):
        return _set_aside(problem, response)
    return {
        "state": State.WAITING,
        "not_before": timezone.now() + BACK_OFF[message.attempts - 1],
        "handed_over_at": None,
        "problem": problem,
        "response": response,
    }


def _set_aside(problem: Problem, response: str) -> dict:
    return {"state": State.SET_ASIDE, "handed_over_at": None, "problem": problem, "response": response}


def _summary(error: OSError) -> str:
    """Code and enhanced code (RFC 3463) of an answer, or the kind of error; not the text, which may hold an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return type(error).__name__
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    enhanced = re.match(r"\d\.\d{1,3}\.\d{1,3}", text)
    return f"{code} {enhanced[0]}" if enhanced else str(code)
