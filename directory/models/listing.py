import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Operator
from accounts.sides import Side

from .content import ListingContent


class ListingQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-updated_at", "-pk")

    def visible_to(self, person):
        """Somebody who acts for an operator in the cross-view sees what the other side has published (R043)."""
        if person.is_staff and person.has_perm("directory.view_listing"):
            return self
        side = person.side_across() if person.is_authenticated else None
        return self.none() if side is None else self.filter(side=side, operator__in_cross_view=True)


class Listing(ListingContent):
    """The published projection, and the only table that the other side's pages read. No personal field."""

    operator = models.OneToOneField(Operator, models.CASCADE, related_name="listing", verbose_name=_("operator"))
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.CharField(_("side"), max_length=8, choices=Side)
    # Facts of the operator, copied when it publishes and when staff approve a change of them.
    name = models.CharField(_("business name"), max_length=100)
    country = models.CharField(_("country or region"), max_length=2)
    municipality = models.CharField(_("municipality"), max_length=6, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    homepage = models.URLField(_("homepage"), max_length=200, blank=True)
    employees_band = models.CharField(_("number of employees"), max_length=10, blank=True)
    licences = models.JSONField(_("licence numbers"), default=list)
    licence_checked_on = models.DateField(_("licence checked on"), null=True)
    # [{"ref", "width", "height", "alternative_en", "alternative_ja", "is_decorative"}]
    photos = models.JSONField(_("photos"), default=list)
    photo_refs = ArrayField(models.UUIDField(), default=list)
    # Of the draft as it was published: another one there means "changed since publishing".
    draft_version = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"))

    objects = ListingQuerySet.as_manager()
    TRANSLATED = (*ListingContent.TRANSLATED, "name")

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        indexes = [
            *(
                models.Index(
                    fields=["-updated_at", "-id"], condition=models.Q(side=side), name=f"listing_{side}_newest"
                )
                for side in Side.values
            ),
            GinIndex(fields=["photo_refs"], name="listing_photo_refs"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("directory:listing-detail", args=[self.ref])
