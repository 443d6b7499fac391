"""The end of a person's data (GDPR Art. 17, 19; R094, R110, R113)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .request import Request
from .subject import Subject


class ErasureReason(models.TextChoices):
    REQUEST = "request", _("Asked for")
    CLOSURE = "closure", _("Account closed by the person")
    CHILD = "child", _("A child's data")
    RETENTION = "retention", _("Time of keeping is over")


class ErasureQuerySet(models.QuerySet):
    def under_way(self):
        return self.filter(called_off_at__isnull=True, done_at__isnull=True)


class Erasure(models.Model):
    """One erasure: frozen at once, done when the time to call it off is over, and journalled elsewhere."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="erasures", verbose_name=_("data subject"))
    request = models.OneToOneField(
        Request, models.SET_NULL, null=True, related_name="erasure", verbose_name=_("request")
    )
    reason = models.CharField(_("reason"), max_length=9, choices=ErasureReason)
    frozen_at = models.DateTimeField(_("frozen"), default=timezone.now)
    due_at = models.DateTimeField(_("deletion from"), help_text=_("Until then it can be called off."))
    called_off_at = models.DateTimeField(_("called off"), null=True, editable=False)
    expedited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("expedited by"),
    )
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    # {model: {action: rows}}; never a value.
    counts = models.JSONField(_("rows"), default=dict, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(called_off_at__isnull=True, done_at__isnull=True),
                name="erasure_one_under_way",
            ),
            models.CheckConstraint(
                name="erasure_called_off_or_done", condition=Q(called_off_at__isnull=True) | Q(done_at__isnull=True)
            ),
        ]

    def __str__(self):
        return f"{self.get_reason_display()} #{self.pk}"

    @property
    def is_under_way(self):
        return self.called_off_at is None and self.done_at is None
