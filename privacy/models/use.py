"""What was done with data: uses, and counts that name nobody."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose


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
