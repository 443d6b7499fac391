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


class Turn(models.TextChoices):
    CITY = "city", _("The city")
    RECIPIENT = "recipient", _("The recipient")
    PORTAL = "portal", _("The portal")
    NOBODY = "nobody", _("Nobody")


# Whose turn it is, and what is done next: {stage: (turn, what the city reads, what the recipient's staff read)}.
NEXT = {
    Stage.RELEASE: (Turn.CITY, _("A second officer reads what stands below, and releases it or calls it off."), ""),
    Stage.BUILDING: (Turn.PORTAL, _("The portal builds the file. That takes some minutes at the most."), ""),
    Stage.FAILED: (Turn.CITY, _("It could not be built; why stands below. When that is mended, ask again."), ""),
    Stage.FETCH: (
        Turn.RECIPIENT,
        _("The recipient’s staff fetch the file and confirm its digest. They were told by email."),
        _("Fetch the files below, check the signature, and confirm the digest of what arrived."),
    ),
    Stage.EXPIRED: (
        Turn.CITY,
        _("It was not fetched in time, and its password is gone. If it is still needed, ask again."),
        _("The time to fetch it is over. Ask the city for a new hand-over."),
    ),
    Stage.PASSWORD: (
        Turn.CITY,
        _("Call the number below, which the contract names, and read out the password. It is shown once."),
        _("The city calls you to read out the password. Have the file and something to write at hand."),
    ),
    Stage.OPENING: (
        Turn.RECIPIENT,
        _("The recipient’s staff open the file and confirm that here."),
        _("Open the file with your key and the password, and then confirm that you could."),
    ),
    Stage.OPENED: (
        Turn.RECIPIENT,
        _("The recipient uses it, and destroys it by the day below."),
        _("Destroy the file and all that was made of it by the day below, and confirm that here."),
    ),
    Stage.OVERDUE: (
        Turn.RECIPIENT,
        _("The day by which it had to be destroyed is over. Ask the recipient, and write down when it is done."),
        _("The day by which it had to be destroyed is over. Destroy it now, and confirm that here."),
    ),
    Stage.DESTROYED: (Turn.NOBODY, _("Nothing is left to do."), _("Nothing is left to do.")),
    Stage.CANCELLED: (
        Turn.NOBODY,
        _("It is not handed over. If it is still needed, a new one has to be asked for."),
        _("The city has cancelled it. Nothing is left to do."),
    ),
}


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
