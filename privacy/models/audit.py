from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """Who did what to which row, and when. Written once; a trigger and the missing grant keep it so (R151)."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    act = models.CharField(_("act"), max_length=60)
    target = models.CharField(_("on"), max_length=80, help_text=_("Kind of record and its key."))
    details = models.JSONField(_("details"), default=dict, help_text=_("Never a personal value."))

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["target"], name="audit_target")]

    def __str__(self):
        return f"{self.act} · {self.target}"
