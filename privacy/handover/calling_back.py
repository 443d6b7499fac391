"""A file that nobody can have read is simply not handed over any more (L03).

Without the password, which is read out only after the file has arrived, it tells nothing, fetched or not.
"""

from django.utils import timezone
from django.utils.translation import gettext_noop

from ..models import Export, ExportKind, State
from . import emails
from .steps import record


def unread():
    """The hand-overs of people that wait for their recipient, sealed and with the password still here."""
    return Export.objects.filter(
        kind=ExportKind.PROVISION,
        built_at__isnull=False,
        password_read_at=None,
        cancelled_at=None,
        destroyed_at=None,
    )


def call_back(exports, *, by=None):
    """In a transaction, cancel those of `exports` (keys) that are unread, and tell the officers, who can ask anew."""
    for export in unread().filter(pk__in=exports).select_for_update(of=["self"]).order_by("pk"):
        export.cancelled_by, export.cancelled_at, export.sealed_password = by, timezone.now(), b""
        export.save(update_fields=["cancelled_by", "cancelled_at", "sealed_password"])
        record(export, State.CANCELLED, gettext_noop("hand-over called back"), by=by)
        emails.called_back(export)
