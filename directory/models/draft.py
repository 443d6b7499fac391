import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Operator

from .content import ListingContent


class ListingDraftQuerySet(models.QuerySet):
    def managed_by(self, person):
        """The drafts this person may edit: of operators they act for as owner or editor."""
        return self.filter(operator__in=Operator.objects.managed_by(person))


class ListingDraft(ListingContent):
    """What the operator edits. Nobody else sees it; publishing copies it."""

    operator = models.OneToOneField(Operator, models.CASCADE, related_name="listing_draft", verbose_name=_("operator"))
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    # {"headline": "en"}: the translation in that language is older than the other one.
    outdated = models.JSONField(default=dict, editable=False)

    objects = ListingDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing draft")
        verbose_name_plural = _("listing drafts")

    def __str__(self):
        return str(self.operator)


class Photo(models.Model):
    """A picture of a draft, already decoded and encoded afresh; its files are named by `ref`."""

    draft = models.ForeignKey(ListingDraft, models.CASCADE, related_name="photos", verbose_name=_("listing draft"))
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(_("position"))
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    alternative = models.CharField(_("text alternative"), max_length=200, blank=True)
    is_decorative = models.BooleanField(_("decorative"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    MAX = 10

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.ref)

    @property
    def is_half_described(self):
        """Not decoration, and without a text alternative in one of the languages."""
        return not self.is_decorative and not (self.alternative_en and self.alternative_ja)
