"""From the finished file to its destruction: fetched, confirmed, password read out, opened, destroyed (R061, R065).

Only staff of the recipient fetch. The download is spent when they name the digest of what arrived; until then it may
be taken up again where it broke off. The password is read out by telephone, once, and then is gone here.
"""

import logging
import re
import time
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from .. import audit, encryption
from ..models import AuditEvent, Export, Recipient, State
from . import bundle, emails, passwords, runs, signatures
from .steps import record

logger = logging.getLogger(__name__)

REFUSED_DIGEST = gettext_noop("hand-over digest refused")
LOST = gettext_noop("hand-over file lost")
FETCHED = gettext_noop("hand-over fetched")


class Refusal(models.TextChoices):
    """Why a file is not given out, in words for the recipient's staff."""

    SPENT = "spent", gettext_lazy("It was fetched, and its digest confirmed: it is given out once only.")
    EXPIRED = "expired", gettext_lazy("The time to fetch it is over. Ask the city for a new hand-over.")
    CANCELLED = "cancelled", gettext_lazy("The city has cancelled it.")
    LOST = "lost", gettext_lazy("The file is not there any more. The city has been told, and will hand over anew.")
    CONTRACT = "contract", gettext_lazy("The contract with your company has ended, so it is not given out any more.")


def refusal(export, now):
    """The `Refusal` that stands in the way of fetching a hand-over that was built, or None.

    Whether the file is there only who begins to fetch it finds out.
    """
    if export.cancelled_at:
        return Refusal.CANCELLED
    if export.confirmed_at:
        return Refusal.SPENT
    if not _has_contract(export, now):
        return Refusal.CONTRACT
    return Refusal.EXPIRED if export.expires_at <= now else None


def _has_contract(export, now):
    return Recipient.objects.current(now).filter(code=export.recipient).exists()


def offered_to(person):
    """The built hand-overs of the recipient that `person` works for; none for anybody else."""
    if not person.recipient or not person.has_perm("privacy.view_export"):
        return Export.objects.none()
    return Export.objects.filter(recipient=person.recipient, built_at__isnull=False)


def fetch(export, *, by, start=0):
    """The open file, for `by` of the recipient, who takes it from the byte `start` on. Each time is logged.

    Raises `ValidationError` where it is lost; then the officers are told, once.
    """
    file = _opened(export, runs.path_of(export))
    file.seek(start)
    # Who begins behind the first byte has fetched it all the same.
    if start and _events(export, FETCHED).exists():
        audit.record(by, gettext_noop("hand-over fetched further"), export, start=start)
    else:
        record(export, State.FETCHED, FETCHED, by=by)
    return file


def signature(export):
    """The signature beside the file, as bytes. Raises `ValidationError` as `fetch` does."""
    with _opened(export, runs.signature_of(runs.path_of(export))) as file:
        return file.read()


def _opened(export, path):
    try:
        return path.open("rb")
    except FileNotFoundError:
        _tell_of_loss(export)
        raise ValidationError(Refusal.LOST.label) from None


def _tell_of_loss(export):
    """The audit keeps who is told from being told again."""
    if not _events(export, LOST).exists():
        logger.error("hand-over file is lost export=%s", export.pk)
        audit.record(None, LOST, export)
        emails.lost(export)


def confirm(export, *, by, digest):
    """The recipient names the SHA-256 of what arrived. Right: the download is spent. Wrong: refused, and counted."""
    named = re.match(r"\s*([0-9A-Fa-f]*)", digest)[1].lower()
    if not constant_time_compare(named, export.sha256):
        audit.record(by, REFUSED_DIGEST, export)
        raise ValidationError(_("This is not the digest of the file. Fetch it again, and compare."))
    with transaction.atomic():
        export = _theirs(export, by)
        if reason := refusal(export, timezone.now()):
            raise ValidationError(reason.label)
        export.confirmed_by, export.confirmed_at = by, timezone.now()
        export.save(update_fields=["confirmed_by", "confirmed_at"])
        record(export, State.RECEIVED, gettext_noop("hand-over digest confirmed"), by=by)


def refused_digests(export):
    """How often a wrong digest was named."""
    return _events(export, REFUSED_DIGEST).count()


def _events(export, act):
    return AuditEvent.objects.filter(act=act, target=f"{export._meta.label_lower}:{export.pk}")


@transaction.atomic
def read_password(export, *, by, told_to):
    """The password in groups, for an officer of the city to read out to `told_to`; after this nobody can again."""
    export = Export.objects.select_for_update().get(pk=export.pk)
    if by.recipient:
        raise ValidationError(_("The password is read out by the city."))
    if not export.confirmed_at:
        raise ValidationError(_("The recipient has not yet confirmed that the file arrived."))
    if export.cancelled_at:
        raise ValidationError(Refusal.CANCELLED.label)
    # It is the password that gives them the data.
    if not _has_contract(export, timezone.now()):
        raise ValidationError(Refusal.CONTRACT.label)
    if export.password_read_at:
        raise ValidationError(_("The password was read out already, and is kept nowhere."))
    if export.destroyed_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    sealed = bytes(export.sealed_password)
    password = encryption.unseal(sealed, encryption.place(export, "sealed_password")).decode()
    export.password_read_by, export.password_read_at, export.password_read_to = by, timezone.now(), told_to
    export.sealed_password = b""
    export.save(update_fields=["password_read_by", "password_read_at", "password_read_to", "sealed_password"])
    record(export, State.GIVEN, gettext_noop("hand-over password read out"), by=by)
    return passwords.spoken(password)


@transaction.atomic
def acknowledge(export, *, by):
    """The recipient has opened it."""
    export = _theirs(export, by)
    if not export.password_read_at:
        raise ValidationError(_("Nobody has read out the password yet, so it cannot have been opened."))
    if export.acknowledged_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    export.acknowledged_by, export.acknowledged_at = by, timezone.now()
    export.save(update_fields=["acknowledged_by", "acknowledged_at"])
    record(export, State.ACCEPTED, gettext_noop("hand-over opened"), by=by)


@transaction.atomic
def confirm_destruction(export, *, by):
    """All that came of it is destroyed at the recipient: said by its staff, or written down by the city."""
    export = _theirs(export, by) if by.recipient else Export.objects.select_for_update().get(pk=export.pk)
    if not export.confirmed_at or export.destroyed_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    export.destroyed_by, export.destroyed_at, export.sealed_password = by, timezone.now(), b""
    export.save(update_fields=["destroyed_by", "destroyed_at", "sealed_password"])
    record(export, State.DESTROYED, gettext_noop("hand-over destroyed"), by=by)


def tidy(now=None):
    """End what was not fetched in time, and remove files that nobody may fetch any more. Safe to run twice.

    Returns how many ended."""
    now = now or timezone.now()
    ended = _end(now)
    folder = Path(settings.HANDOVER_DIR)
    bundle.sweep(folder)
    files = {path.name: path for path in folder.glob("E-*") if not path.name.endswith(signatures.SUFFIX)}
    known = Export.objects.filter(file_name__in=files)
    over = Q(confirmed_at__isnull=False) | Q(cancelled_at__isnull=False) | Q(expires_at__lte=now)
    offered = set(known.exclude(over).values_list("file_name", flat=True))
    for name in files.keys() - offered:
        # What is not in the table may be a second from being committed.
        is_new = time.time() - files[name].stat().st_mtime < bundle.A_DAY
        if known.filter(file_name=name).exists() or not is_new:
            runs.remove_files(files[name])
    return ended


@transaction.atomic
def _end(now):
    """Of what was not fetched in time the password goes."""
    late = Export.objects.filter(expires_at__lte=now, confirmed_at=None, cancelled_at=None).exclude(sealed_password=b"")
    ended = list(late.select_for_update(skip_locked=True))
    for export in ended:
        export.sealed_password = b""
        export.save(update_fields=["sealed_password"])
        record(export, State.EXPIRED, gettext_noop("hand-over not fetched in time"))
    return len(ended)


def _theirs(export, person):
    """The row, locked, if it is of the recipient that `person` works for."""
    found = offered_to(person).select_for_update().filter(pk=export.pk).first()
    if found is None:
        raise ValidationError(_("This is another company’s."))
    return found
