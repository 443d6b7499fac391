"""How long data are kept: which times are in force, what is held back, and what each run did (R110).

The times themselves stand in `privacy/retention.py`, from where every notice and register takes them.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..retention import EraseAction, Retention, Trigger
from .subject import Subject


class RetentionRule(models.Model):
    """One time of keeping as the privacy officer signed it. Without a signature it deletes nothing."""

    kind = models.CharField(_("kind of data"), max_length=20, choices=Retention, unique=True, editable=False)
    trigger = models.CharField(_("counts from"), max_length=24, choices=Trigger, editable=False)
    period = models.DurationField(_("period"), editable=False)
    action = models.CharField(_("then"), max_length=6, choices=EraseAction, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed"), null=True, editable=False)

    class Meta:
        verbose_name = _("time of keeping")
        verbose_name_plural = _("times of keeping")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="retention_rule_signed_by_somebody",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
            )
        ]

    def __str__(self):
        return str(self.get_kind_display())

    def says(self, rule):
        """Whether this is the `retention.Rule` of the code: a signature is for what was read, and for nothing else."""
        return (self.trigger, self.period, self.action) == (rule.trigger, rule.period, rule.action)


class LegalHoldQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ends_on__gte=timezone.localdate())


class LegalHold(models.Model):
    """What must stay although its time is over: a kind of data, the data of one person, or that kind of that person.

    Until its last day nothing of it is deleted (GDPR Art. 17(3)(e)).
    """

    kind = models.CharField(_("kind of data"), max_length=20, choices=Retention, blank=True)
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="legal_holds", verbose_name=_("data subject")
    )
    reason = models.TextField(_("reason"), max_length=1000, help_text=_("Never a personal value."))
    ends_on = models.DateField(_("until and with"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed"), auto_now_add=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="legal_hold_holds_something", condition=~Q(kind="") | Q(subject__isnull=False))
        ]

    def __str__(self):
        return f"{self.get_kind_display() or self.subject_id} #{self.pk}"


class RetentionRun(models.Model):
    """One run over everything that may be due: the evidence that times are kept."""

    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    is_dry = models.BooleanField(_("only counted"))
    # Empty for the nightly one.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("run of the times of keeping")
        verbose_name_plural = _("runs of the times of keeping")
        ordering = ["-pk"]

    def __str__(self):
        return f"#{self.pk}"


class RetentionOutcome(models.TextChoices):
    DONE = "done", _("Done")
    COUNTED = "counted", _("Only counted")
    UNSIGNED = "unsigned", _("Not in force: the rule is not signed")
    STOPPED = "stopped", _("Stopped: too many rows at once")
    FAILED = "failed", _("It went wrong, and nothing was done")


class RetentionResult(models.Model):
    """What a run found and did in one table under one time. Counts and names of tables, never a value."""

    run = models.ForeignKey(RetentionRun, models.CASCADE, related_name="results", verbose_name=_("run"))
    kind = models.CharField(_("kind of data"), max_length=20, choices=Retention)
    model = models.CharField(_("table"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=8, choices=RetentionOutcome)
    rows = models.PositiveIntegerField(_("rows in the table"))
    due = models.PositiveIntegerField(_("due"))
    held = models.PositiveIntegerField(_("held back"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    # {table: rows} that went with them.
    went_with = models.JSONField(_("went with them"), default=dict)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, editable=False)
    # Of the result that did what was stopped: a release serves once.
    releases = models.OneToOneField(
        "self", models.SET_NULL, null=True, editable=False, related_name="released_for", verbose_name=_("released run")
    )

    class Meta:
        verbose_name = _("result of a run")
        verbose_name_plural = _("results of runs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="retention_result_stopped_is_released",
                condition=Q(released_at__isnull=True) | Q(outcome=RetentionOutcome.STOPPED),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.model}"
