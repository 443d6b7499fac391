"""Every message of an erasure: to whom, for which purpose, with what."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.utils.translation import override

import outbox

from ..declarations import declared
from ..models import Recipient, Subject
from ..purposes import Purpose
from ..retention import EraseAction

# How long a backup may hold what is deleted; each restored one is erased again before it serves.
BACKUPS_KEPT = timedelta(days=settings.BACKUP_DAYS)


def started(erasure):
    outbox.post(
        erasure.subject,
        Purpose.RIGHTS,
        "privacy/emails/erasure_started",
        due_at=erasure.due_at.isoformat(),
        reason=erasure.reason,
    )


def called_off(erasure):
    outbox.post(erasure.subject, Purpose.RIGHTS, "privacy/emails/erasure_called_off")


def done(erasure, addressee, recipients):
    """The certificate, to the last address: what is deleted, what stays and why, who is told, what backups hold.

    `addressee`: the person's `Contact` as it was; `recipients`: codes of those who are asked to delete, too.
    """
    with override(addressee.language):
        deleted, kept = _in_words(erasure.counts)
        names = [
            recipient.name(addressee.language)
            for recipient in Recipient.objects.current(erasure.done_at).filter(code__in=recipients)
        ]
    outbox.post(
        outbox.Address(addressee.address, addressee.language),
        Purpose.RIGHTS,
        "privacy/emails/erasure_done",
        deleted=deleted,
        kept=kept,
        recipients=names,
        backups_until=(erasure.done_at + BACKUPS_KEPT).isoformat(),
        reference=str(erasure.ref),
    )


def _in_words(counts):
    """([name of what is deleted], [(names of what stays, why)]) in the active language."""
    deleted, kept = [], defaultdict(list)
    for declaration in declared():
        ended = counts.get(declaration.model._meta.label, {})
        if EraseAction.UNLINK not in ended:
            deleted += [str(declaration.name)] if ended else []
        # The reference itself is what the rest is kept under.
        elif declaration.model is not Subject:
            why = " ".join(dict.fromkeys(str(retention.rule.reason) for retention in declaration.retention))
            kept[why].append(str(declaration.name))
    return deleted, [[" · ".join(names), why] for why, names in kept.items()]
