"""What was done with data: uses, requests of people, and counts that name nobody."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose
from .subject import Subject


class ProcessingRecord(models.Model):
    """A use of personal data that passed the gate: what for, for whom, how much. Written once (GDPR Art. 30, R039)."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    recipient = models.CharField(_("recipient"), max_length=40, blank=True)
    # Empty for the portal itself. No foreign key, as in the ledger.
    by_ref = models.UUIDField(_("done by"), null=True)
    surface = models.CharField(_("where"), max_length=80)
    subjects = models.PositiveIntegerField(_("number of people"))
    fields = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("fields"))
    # Of the privacy policy: those that bind the people.
    versions = ArrayField(models.PositiveIntegerField(), default=list, verbose_name=_("versions of the policy"))

    class Meta:
        verbose_name = _("processing record")
        verbose_name_plural = _("processing records")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.purpose} {self.surface} #{self.pk}"


class RequestKind(models.TextChoices):
    """What a person may ask about their own data (R092-R098)."""

    ACCESS = "access", _("A copy of my data")
    RECTIFICATION = "rectification", _("Correct my data")
    ERASURE = "erasure", _("Delete my data and close my account")
    RESTRICTION = "restriction", _("Stop using my data for now")
    OBJECTION = "objection", _("Stop a use of my data")
    PORTABILITY = "portability", _("My data in a form for other services")


class Request(models.Model):
    """That a person asked, and when: the moment from which the legal time counts (R090)."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="requests", verbose_name=_("data subject"))
    kind = models.CharField(_("request"), max_length=13, choices=RequestKind)
    text = models.TextField(_("what is asked"), max_length=4000, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("request about one's own data")
        verbose_name_plural = _("requests about one's own data")
        ordering = ["-pk"]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"P-{self.received_at:%Y}-{self.pk:06}"


class UsageCount(models.Model):
    """How often something was looked for in a month: without person, session or address (R120, R122)."""

    # The first of the month.
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=20)
    term = models.CharField(_("term"), max_length=60)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    count = models.PositiveIntegerField(_("count"), default=1)

    class Meta:
        verbose_name = _("usage count")
        verbose_name_plural = _("usage counts")
        constraints = [models.UniqueConstraint(fields=["day", "kind", "term", "language"], name="usage_count_key")]

    def __str__(self):
        return f"{self.term} {self.day}"
