"""Where a hand-over stands, in one word for lists and pages."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import ExportKind

# They hold nobody's values, so one person is enough, or none.
WITHOUT_RELEASE = (ExportKind.REHEARSAL, ExportKind.RECALL)


class Stage(models.TextChoices):
    RELEASE = "release", _("Waits for release")
    BUILDING = "building", _("Being built")
    FAILED = "failed", _("Could not be built")
    FETCH = "fetch", _("Waits to be fetched")
    EXPIRED = "expired", _("Not fetched in time")
    PASSWORD = "password", _("Password to be read out")
    OPENING = "opening", _("Waits to be opened")
    OPENED = "opened", _("Opened")
    OVERDUE = "overdue", _("To be destroyed: overdue")
    DESTROYED = "destroyed", _("Destroyed")
    CANCELLED = "cancelled", _("Cancelled")


def waits_for_release(export):
    decided = export.approved_at or export.cancelled_at or export.built_at or export.failed_at
    return not decided and export.kind not in WITHOUT_RELEASE


def stage(export):
    """The `Stage` of a hand-over now."""
    now = timezone.now()
    steps = [
        (export.cancelled_at, Stage.CANCELLED),
        (export.destroyed_at, Stage.DESTROYED),
        (export.failed_at, Stage.FAILED),
        (waits_for_release(export), Stage.RELEASE),
        (not export.built_at, Stage.BUILDING),
        (not export.confirmed_at and export.expires_at and export.expires_at <= now, Stage.EXPIRED),
        (not export.confirmed_at, Stage.FETCH),
        (export.delete_by and export.delete_by < timezone.localdate(now), Stage.OVERDUE),
        (not export.password_read_at, Stage.PASSWORD),
        (not export.acknowledged_at, Stage.OPENING),
    ]
    return next((named for holds, named in steps if holds), Stage.OPENED)
