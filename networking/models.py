import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Operator


class IntroductionQuerySet(models.QuerySet):
    def of(self, operator):
        return self.filter(models.Q(sender=operator) | models.Q(recipient=operator))

    def reported(self):
        return self.filter(reported_at__isnull=False)

    def waiting_for_staff(self):
        return self.reported().filter(settled_at=None)


class Introduction(models.Model):
    """One operator introduces itself to another. It is relayed: neither side learns an address from it."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.ForeignKey(
        Operator,
        models.CASCADE,
        related_name="introductions_sent",
        verbose_name=_("from operator"),
    )
    recipient = models.ForeignKey(
        Operator,
        models.CASCADE,
        related_name="introductions_received",
        verbose_name=_("to operator"),
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    text = models.TextField(_("message"), max_length=1500)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    # A form sent twice makes one introduction.
    form_key = models.UUIDField(unique=True, editable=False)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    report_reason = models.TextField(_("why it was reported"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("report settled"), null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | models.Q(reported_at__isnull=False),
                name="introduction_settled_after_report",
            )
        ]

    def __str__(self):
        return f"{self.sender} → {self.recipient}"
