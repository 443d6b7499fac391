from django.db import models
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose


class Suppression(models.Model):
    """That whoever had an address objected to mail before their data were deleted: the address as a keyed hash."""

    digest = models.CharField(_("fingerprint of an address"), max_length=64, editable=False)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose, editable=False)
    topic = models.CharField(_("topic"), max_length=40, blank=True, editable=False)
    made_at = models.DateTimeField(_("written down"), auto_now_add=True)

    class Meta:
        verbose_name = _("objection of an erased person")
        verbose_name_plural = _("objections of erased persons")
        constraints = [models.UniqueConstraint(fields=["digest", "purpose", "topic"], name="suppression_once")]

    def __str__(self):
        return f"{self.get_purpose_display()} #{self.pk}"
