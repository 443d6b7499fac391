"""How two operators come to talk: an introduction, relayed by the portal."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Operator, User
from privacy import audit
from privacy.acting import PORTAL, acting_as

from . import emails
from .models import Introduction

PER_PERSON_A_DAY = 10
PER_OPERATOR_A_DAY = 20
TO_ONE_OPERATOR_A_WEEK = 3


class TooMany(Exception):
    """A cap is reached; `args[0]` says which: `person`, `operator` or `pair`."""


class SentDifferently(Exception):
    """The same form was sent before, with another text; `args[0]` is what was sent."""


@transaction.atomic
def introduce(sender, recipient, *, text, by, form_key):
    """Relay `text` from the operator `sender` to the operator `recipient`; the same form twice makes one introduction.

    Raises `TooMany` at a cap and `SentDifferently`.
    """
    # Two forms sent at once must count each other: those of the sender, and those of a person who acts for several.
    # The keys stay free, or two operators that write to each other would wait for each other's.
    Operator.objects.select_for_update(of=["self"], no_key=True).get(pk=sender.pk)
    User.objects.select_for_update(of=["self"], no_key=True).get(pk=by.pk)
    # Also what the person sent for an operator they have left counts.
    with acting_as(duty=PORTAL):
        if earlier := Introduction.objects.filter(form_key=form_key).first():
            if (earlier.sender_id, earlier.recipient_id, earlier.text) != (sender.pk, recipient.pk, text):
                raise SentDifferently(earlier)
            return earlier
        _stay_below_the_caps(sender, recipient, by)
    introduction = Introduction.objects.create(
        sender=sender, recipient=recipient, sent_by=by, text=text, form_key=form_key
    )
    audit.record(by, "introduction sent", introduction)
    emails.introduction(introduction)
    return introduction


@transaction.atomic
def report(introduction, *, by, reason):
    """Tell staff that an introduction is not what the portal is for. Reported twice, the first report stays."""
    introduction = Introduction.objects.select_for_update(of=["self"]).get(pk=introduction.pk)
    if introduction.reported_at is None:
        introduction.reported_at, introduction.reported_by = timezone.now(), by
        introduction.report_reason = reason
        introduction.save(update_fields=["reported_at", "reported_by", "report_reason"])
        audit.record(by, "introduction reported", introduction)
        emails.introduction_reported(introduction)
    return introduction


@transaction.atomic
def settle_report(introduction, *, by, reason):
    """Staff have looked at the report and done what there was to do; `reason` goes into the audit."""
    introduction = Introduction.objects.select_for_update(of=["self"]).get(pk=introduction.pk)
    if introduction.reported_at and introduction.settled_at is None:
        introduction.settled_at = timezone.now()
        introduction.save(update_fields=["settled_at"])
        audit.record(by, "report settled", introduction, reason=reason)
    return introduction


def _stay_below_the_caps(sender, recipient, person):
    now = timezone.now()
    today = Introduction.objects.filter(sent_at__gt=now - timedelta(days=1))
    week = Introduction.objects.filter(sent_at__gt=now - timedelta(days=7))
    for cap, sent, most in (
        ("person", today.filter(sent_by=person), PER_PERSON_A_DAY),
        ("operator", today.filter(sender=sender), PER_OPERATOR_A_DAY),
        (
            "pair",
            week.filter(sender=sender, recipient=recipient),
            TO_ONE_OPERATOR_A_WEEK,
        ),
    ):
        if sent.count() >= most:
            raise TooMany(cap)
