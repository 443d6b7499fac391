"""What the city hands to those who work for it, to whom, sealed how, and who released it (R060-R067)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose


def by(label, **options):
    """Who did a step of a hand-over."""
    options = {"null": True, "editable": False} | options
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options)


def moment(label):
    """When a step of a hand-over was taken; null until then."""
    return models.DateTimeField(label, null=True, editable=False)


class RecipientKey(models.Model):
    """The public key of a recipient (age, X25519), with its fingerprint confirmed by telephone (R061)."""

    recipient = models.SlugField(_("code of the recipient"), max_length=40)
    public_key = models.CharField(_("public key"), max_length=100, unique=True)
    # The password of each hand-over is read out to this number, and to no other.
    telephone = models.CharField(_("telephone number for passwords"), max_length=30)
    registered_by = by(_("registered by"))
    registered_at = models.DateTimeField(_("registered"), auto_now_add=True)
    confirmed_by = by(_("fingerprint confirmed by"))
    confirmed_at = moment(_("fingerprint confirmed"))
    confirmed_with = models.CharField(_("confirmed with"), max_length=100, blank=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = moment(_("revoked"))

    class Meta:
        verbose_name = _("key of a recipient")
        verbose_name_plural = _("keys of recipients")
        ordering = ["recipient", "-pk"]

    def __str__(self):
        return f"{self.recipient} #{self.pk}"


class ExportProfile(models.Model):
    """Which fields a recipient gets for which purpose; the minimum it gets of everybody (R062, R064)."""

    recipient = models.SlugField(_("code of the recipient"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_ja = models.CharField(_("name in Japanese"), max_length=100)
    fields = ArrayField(models.CharField(max_length=60), verbose_name=_("fields"))
    # The exception for a desk with office programs only: with a reason, and ending (R061).
    spreadsheet_until = models.DateTimeField(_("as a spreadsheet until"), null=True, blank=True)
    spreadsheet_reason = models.TextField(_("reason for the spreadsheet"), blank=True)

    class Meta:
        verbose_name = _("export profile")
        verbose_name_plural = _("export profiles")
        ordering = ["recipient", "pk"]
        constraints = [
            models.CheckConstraint(
                name="export_profile_spreadsheet_has_reason",
                condition=Q(spreadsheet_until__isnull=True) | ~Q(spreadsheet_reason=""),
            )
        ]

    def __str__(self):
        return self.name_ja


class ExportKind(models.TextChoices):
    PROVISION = "provision", _("Hand-over")
    REHEARSAL = "rehearsal", _("Rehearsal with invented rows")
    RECALL = "recall", _("Recall: to delete, correct or restrict")


class Export(models.Model):
    """One hand-over, step by step: asked, released by somebody else, built, fetched, acknowledged, destroyed."""

    SEALED = ("sealed_password",)

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=9, choices=ExportKind)
    recipient = models.SlugField(_("code of the recipient"), max_length=40)
    profile = models.ForeignKey(ExportProfile, models.PROTECT, null=True, verbose_name=_("export profile"))
    recalls = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="recalled_by", verbose_name=_("recalls")
    )
    key = models.ForeignKey(RecipientKey, models.PROTECT, null=True, editable=False, verbose_name=_("key"))
    reason = models.TextField(_("reason"), max_length=1000)
    # Of recipient, purpose, fields and key: what is released is what was asked for.
    fingerprint = models.CharField(_("fingerprint of what is asked"), max_length=64, editable=False)
    requested_by = by(_("asked by"))
    requested_at = models.DateTimeField(_("asked"), auto_now_add=True)
    approved_by = by(_("released by"))
    approved_at = moment(_("released"))
    cancelled_by = by(_("cancelled by"))
    cancelled_at = moment(_("cancelled"))
    built_at = moment(_("built"))
    failed_at = moment(_("failed"))
    problem = models.CharField(_("problem"), max_length=200, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    withheld = models.PositiveIntegerField(_("rows with identifying fields withheld"), default=0, editable=False)
    manifest = models.JSONField(_("manifest"), default=dict, editable=False)
    file_name = models.CharField(_("file"), max_length=80, blank=True, editable=False)
    size = models.BigIntegerField(_("size in bytes"), default=0, editable=False)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, editable=False)
    # `encryption.seal`; empty once it was read out.
    sealed_password = models.BinaryField(default=bytes, editable=False)
    password_read_by = by(_("password read out by"))
    password_read_at = moment(_("password read out"))
    password_read_to = models.CharField(_("password read out to"), max_length=100, blank=True, editable=False)
    expires_at = moment(_("can be fetched until"))
    # The recipient names the digest of what arrived: from then on the download is spent.
    confirmed_by = by(_("digest confirmed by"))
    confirmed_at = moment(_("digest confirmed"))
    acknowledged_by = by(_("acknowledged by"))
    acknowledged_at = moment(_("opened and acknowledged"))
    delete_by = models.DateField(_("to be destroyed by"), null=True, editable=False)
    destroyed_by = by(_("destruction confirmed by"))
    destroyed_at = moment(_("destruction confirmed"))

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="export_released_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="export_built_is_whole", condition=Q(built_at__isnull=True) | ~Q(sha256="") & Q(key__isnull=False)
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"E-{self.pk:06}"


class ItemAction(models.TextChoices):
    PROVIDE = "provide", _("provided")
    ERASE = "erase", _("to be erased")
    CORRECT = "correct", _("to be corrected")
    RESTRICT = "restrict", _("not to be used for now")


class ExportItem(models.Model):
    """Whose row went to whom, without its values: what a recall needs (GDPR Art. 19, L03)."""

    export = models.ForeignKey(Export, models.PROTECT, related_name="items", verbose_name=_("hand-over"))
    # No foreign key, as in the ledger.
    subject_ref = models.UUIDField(_("data subject"), db_index=True)
    row_key = models.CharField(_("key of the row"), max_length=40)
    digest = models.CharField(_("fingerprint of the values"), max_length=64)
    action = models.CharField(_("what it asks"), max_length=8, choices=ItemAction, default=ItemAction.PROVIDE)
    is_withheld = models.BooleanField(_("identifying fields withheld"), default=False)

    class Meta:
        verbose_name = _("row of a hand-over")
        verbose_name_plural = _("rows of hand-overs")
        constraints = [models.UniqueConstraint(fields=["export", "subject_ref", "row_key"], name="export_item_once")]

    def __str__(self):
        return f"{self.export_id} {self.row_key}"
