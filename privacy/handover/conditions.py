"""What must hold before anything is sealed for a recipient (R060, R061, R066), and what to say where it does not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models import Export, ExportKind, Recipient
from . import keys


class Problem(models.TextChoices):
    """Why a hand-over was not built, in words for the officer who asks again."""

    CONTRACT = "contract", _("No contract with the recipient runs, or the register names no contract reference.")
    ATTESTATION = "attestation", _("The recipient has not attested that it protects the data as the city does.")
    PURPOSE = "purpose", _("The contract with the recipient does not name this purpose.")
    KEY = "key", _("The recipient has no valid key whose fingerprint was confirmed by telephone.")
    REHEARSAL = "rehearsal", _("The recipient has not yet opened a rehearsal with this key.")
    CHANGED = "changed", _("What would be handed over is not what was asked for any more: ask anew.")
    APPROVER = "approver", _("Whoever released it is no privacy officer any more.")
    STALE = "stale", _("It was released more than a day ago and could not be built since.")
    ROWS = "rows", _("The file does not hold as many rows as were written down.")
    DISK = "disk", _("The disk is full.")
    FILE = "file", _("The file could not be written.")
    TOO_LARGE = "too large", _("There is more than a spreadsheet can hold; the exception cannot be used.")
    UNEXPECTED = "unexpected", _("Something unexpected happened; the log of the worker says more.")


def of_recipient(recipient, purpose, at):
    """The `Problem` with the recipient itself, or None."""
    now = Recipient.objects.current(at).filter(code=recipient).exclude(contract_reference="")
    if not now.exists():
        return Problem.CONTRACT
    if not now.filter(purposes__contains=[purpose]).exists():
        return Problem.PURPOSE
    return None if now.valid(at).exists() else Problem.ATTESTATION


def of_hand_over(kind, profile, key, at):
    """The `Problem` that keeps a hand-over of `profile`, sealed for `key`, from being built now, or None."""
    if problem := of_recipient(profile.recipient, profile.purpose, at):
        return problem
    if not keys.is_valid(key, at) or key.recipient != profile.recipient:
        return Problem.KEY
    if kind == ExportKind.PROVISION and not is_rehearsed(key):
        return Problem.REHEARSAL
    return None


def is_rehearsed(key):
    """Whether a bundle of invented rows was opened with the key, and acknowledged."""
    return Export.objects.filter(kind=ExportKind.REHEARSAL, key=key, acknowledged_at__isnull=False).exists()
