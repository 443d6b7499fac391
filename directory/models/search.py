from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.sides import Side

from .listing import Listing


class SearchDocument(models.Model):
    """What is found of a listing: one narrow row of lexemes made by `directory.tokens`; prose is never scanned."""

    listing = models.OneToOneField(Listing, models.CASCADE, primary_key=True, related_name="document")
    side = models.CharField(_("side"), max_length=8, choices=Side)
    quality = models.PositiveSmallIntegerField(_("quality"), default=0)
    # ["category:acc", "language:en"]: what the facets count; as lexemes they are in `doc` too, which narrows by them.
    facets = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("facets"))
    doc = SearchVectorField(_("lexemes"))

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [
            GinIndex(fields=["doc"], condition=models.Q(side=side), name=f"search_{side}") for side in Side.values
        ]

    def __str__(self):
        return str(self.listing_id)
