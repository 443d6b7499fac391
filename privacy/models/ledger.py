"""The ledger of what people were told, agreed to and refused: insert only, no personal value (L01, R005, R098).

Three tables. `LedgerEvent` is what the portal writes. A trigger folds it into `CurrentState`, and at commit another one
chains it in `LedgerLink`; the serving role can write neither of these.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose
from .policy import Document


class Matter(models.TextChoices):
    """What an event is about, and what `purpose`, `topic` and `document` then hold."""

    POLICY = "policy", _("Policy")  # document, version: the version that binds from now on
    REFUSED_POLICY = "refused policy", _("Refused policy")  # document, version: the version that was declined
    CONSENT = "consent", _("Consent")  # purpose, topic
    OBJECTION = "objection", _("Objection")  # purpose, topic
    OPT_OUT = "opt-out", _("Withholding from a recipient")  # topic: code of the recipient
    RESTRICTION = "restriction", _("Restriction of processing")
    AGE = "age", _("Age")
    CHILD = "child", _("A child's data")
    COOKIES = "cookies", _("Cookies")  # purpose, topic: the tool
    # About nobody in particular: `subject_ref` is the reference of the hand-over or of the disclosure.
    HAND_OVER = "hand-over", _("Hand-over to a recipient")  # purpose, topic: code of the recipient
    DISCLOSURE = "disclosure", _("Disclosure to an authority")


class State(models.TextChoices):
    """Consent in the words of ISO/IEC TS 27560; the other matters in their own."""

    REQUESTED = "requested", _("requested")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")
    RENEWED = "renewed", _("renewed")
    EXPIRED = "expired", _("expired")
    INVALIDATED = "invalidated", _("invalidated")
    INFORMED = "informed", _("informed")
    ACCEPTED = "accepted", _("agreed to")
    DECLINED = "declined", _("declined")
    MADE = "made", _("made")
    LIFTED = "lifted", _("lifted")
    ATTESTED = "attested", _("attested")
    APPROVED = "approved", _("released")
    CANCELLED = "cancelled", _("cancelled")
    BUILT = "built", _("built")
    FETCHED = "fetched", _("fetched")
    RECEIVED = "received", _("received")
    DESTROYED = "destroyed", _("destroyed")


class LedgerEvent(models.Model):
    """One act of one person, with what proves it. Rows are inserted, and never changed or removed (by trigger)."""

    seq = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    # No foreign key: erasing a person removes the mapping, and the proof stays.
    subject_ref = models.UUIDField(_("data subject"))
    matter = models.CharField(_("matter"), max_length=14, choices=Matter)
    state = models.CharField(_("state"), max_length=11, choices=State)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose, blank=True)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    document = models.CharField(_("document"), max_length=12, choices=Document, blank=True)
    version = models.PositiveIntegerField(_("version"), null=True)
    version_hash = models.CharField(_("fingerprint of the version"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    actor = models.CharField(
        _("done by"), max_length=60, help_text=_("self, guardian, portal, or staff with a reference.")
    )
    method = models.CharField(_("method"), max_length=20, help_text=_("form, mail link, paper, signal."))
    # Surface, served hash, control and its default, controller, basis, recipients, categories, regime.
    proof = models.JSONField(_("proof"), default=dict, help_text=_("Never a personal value."))

    class Meta:
        verbose_name = _("ledger event")
        verbose_name_plural = _("ledger events")
        ordering = ["-seq"]
        indexes = [models.Index(fields=["subject_ref", "matter", "-seq"], name="ledger_subject")]

    def __str__(self):
        return f"{self.get_matter_display()}: {self.get_state_display()} #{self.seq}"


class CurrentState(models.Model):
    """The newest event of a person in one matter; kept by trigger, and exactly what a rebuild gives."""

    subject_ref = models.UUIDField(_("data subject"))
    matter = models.CharField(_("matter"), max_length=14, choices=Matter)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose, blank=True)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    document = models.CharField(_("document"), max_length=12, choices=Document, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State)
    version = models.PositiveIntegerField(_("version"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    at = models.DateTimeField(_("holds since"))
    event = models.OneToOneField(LedgerEvent, models.PROTECT, related_name="+", verbose_name=_("event"))

    class Meta:
        verbose_name = _("current state")
        verbose_name_plural = _("current states")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_ref", "matter", "purpose", "topic", "document"], name="current_state_key"
            )
        ]

    def __str__(self):
        return f"{self.matter} {self.state}"


class LedgerLink(models.Model):
    """The chain: `hash` stands for the event at `seq` and everything before it."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(LedgerEvent, models.PROTECT, related_name="link", verbose_name=_("event"))
    hash = models.BinaryField(_("hash"))

    class Meta:
        verbose_name = _("ledger link")
        verbose_name_plural = _("ledger links")

    def __str__(self):
        return str(self.seq)
