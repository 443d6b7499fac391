import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.Model):
    """One natural person the portal knows. Ledgers, messages and exports name `ref`, never an address."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # From then on each purpose ends after its own time (`purposes.Rule.kept_for`).
    ended_at = models.DateTimeField(_("relation ended"), null=True, blank=True, editable=False)
    # Nothing leads from here to the person any more; the ledger's rows keep their reference (GDPR Art. 17).
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("data subject")
        verbose_name_plural = _("data subjects")
        permissions = [("view_personal_fields", _("Can see personal fields"))]

    def __str__(self):
        return str(self.ref)
