"""Statistics as they were published: rounded, checked, and never changed (R156)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """One table of one month, or that it could not be published without showing somebody. Written once.

    Every number in `content` is rounded; what it was rounded from is kept nowhere.
    """

    table = models.CharField(_("table"), max_length=40)
    # The first of the month.
    month = models.DateField(_("month"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    # As `privacy.statistics.publishing` writes it; nothing where the table was refused.
    content = models.JSONField(_("content"), null=True)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("published table")
        verbose_name_plural = _("published tables")
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "month"], name="release_once_a_month"),
            models.CheckConstraint(
                name="release_has_content_or_was_refused",
                condition=Q(content__isnull=True, digest="") | Q(content__isnull=False) & ~Q(digest=""),
            ),
        ]

    def __str__(self):
        return f"{self.table} {self.month:%Y-%m}"
