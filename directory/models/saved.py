from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Operator


class SavedListing(models.Model):
    """A person keeps an operator in mind, with a note of their own. It points at the operator: listings come and go."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved", verbose_name=_("person"))
    operator = models.ForeignKey(Operator, models.CASCADE, related_name="+", verbose_name=_("operator"))
    note = models.TextField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved listing")
        verbose_name_plural = _("saved listings")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "operator"], name="saved_once")]

    def __str__(self):
        return str(self.operator)
