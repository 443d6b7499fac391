"""Reminding recipients of what they have not fetched, opened or destroyed, and telling officers (R065)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from .. import audit
from ..models import AuditEvent, Export
from . import emails

REMINDED = gettext_noop("hand-over reminded")
NOT_FETCHED_FOR, NOT_OPENED_FOR = timedelta(days=2), timedelta(days=3)


def overdue(now):
    """The hand-overs, recalls too, that their recipient should have fetched, opened or destroyed by now."""
    not_fetched = Q(confirmed_at=None, expires_at__gt=now, built_at__lte=now - NOT_FETCHED_FOR)
    not_opened = Q(acknowledged_at=None, confirmed_at__lte=now - NOT_OPENED_FOR)
    not_destroyed = Q(confirmed_at__isnull=False, delete_by__lt=timezone.localdate(now))
    built = Export.objects.filter(built_at__isnull=False, cancelled_at=None, destroyed_at=None)
    return built.filter(not_fetched | not_opened | not_destroyed).order_by("pk")


@transaction.atomic
def remind(*, dry_run=False):
    """Write about each of them, at most once a day. Returns those that were written about."""
    now = timezone.now()
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    done = set(AuditEvent.objects.filter(act=REMINDED, at__gte=since).values_list("target", flat=True))
    found = [export for export in overdue(now) if f"{export._meta.label_lower}:{export.pk}" not in done]
    for export in [] if dry_run else found:
        emails.reminder(export, officers_too=bool(export.confirmed_at))
        audit.record(None, REMINDED, export)
    return found
