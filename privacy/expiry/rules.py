"""Which times of keeping are in force: those that the privacy officer signed, as they stand in the code (R110)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from .. import audit
from ..models import RetentionRule
from ..retention import RULES, Retention

# What was promised to whoever sent it needs nobody's signature: proof of identity goes a month after the answer (R099).
PROMISED = frozenset({Retention.PAPER})


def bring_up_to_date(**kwargs):
    """Let every rule say what the code says; one that changed is unsigned again. After each `migrate`."""
    for kind, rule in RULES.items():
        row = RetentionRule.objects.filter(kind=kind).first()
        if row is None or not row.says(rule):
            said = {"trigger": rule.trigger, "period": rule.period, "action": rule.action}
            RetentionRule.objects.update_or_create(kind=kind, defaults=said | {"signed_by": None, "signed_at": None})


def in_force():
    """The kinds of data whose time is signed, and still the one that was signed; and those that need no signature."""
    signed = RetentionRule.objects.filter(signed_at__isnull=False)
    return PROMISED | {Retention(row.kind) for row in signed if row.says(RULES[Retention(row.kind)])}


@transaction.atomic
def sign(row, *, by):
    """From now on the nightly run ends what is past this time."""
    row = RetentionRule.objects.select_for_update().get(pk=row.pk)
    if row.signed_at is None and row.says(RULES[Retention(row.kind)]):
        row.signed_by, row.signed_at = by, timezone.now()
        row.save(update_fields=["signed_by", "signed_at"])
        audit.record(by, gettext_noop("time of keeping signed"), row, days=row.period.days)
    return row


@transaction.atomic
def take_back(row, *, by):
    """The time is out of force: the next run ends nothing by it."""
    row = RetentionRule.objects.select_for_update().get(pk=row.pk)
    if row.signed_at:
        row.signed_by = row.signed_at = None
        row.save(update_fields=["signed_by", "signed_at"])
        audit.record(by, gettext_noop("time of keeping taken out of force"), row)
    return row
