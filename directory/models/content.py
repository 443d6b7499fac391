from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

# Every text is written in one or both; each has a column of its own.
LANGUAGES = ("en", "ja")


def other(language):
    return "ja" if language == "en" else "en"


def codes(label, length=10):
    """A list of codes of `directory.taxonomy`, whose names in both languages are data files."""
    return ArrayField(models.CharField(max_length=length), default=list, blank=True, verbose_name=label)


class ListingContent(models.Model):
    """What an operator says of itself: business information, published at will (C9). No personal field."""

    headline = models.CharField(_("headline"), max_length=60, blank=True)
    description = models.TextField(_("description"), max_length=1200, blank=True)
    availability = models.CharField(_("season and closed days"), max_length=200, blank=True)
    terms = models.TextField(_("terms of business"), max_length=400, blank=True)
    # The first category is the main one.
    categories = codes(_("categories"))
    areas = codes(_("areas"))
    languages = codes(_("languages spoken"))
    attributes = codes(_("attributes"), 30)
    capacity_min = models.PositiveIntegerField(_("smallest group"), null=True, blank=True)
    capacity_max = models.PositiveIntegerField(_("largest group"), null=True, blank=True)
    founded_in = models.PositiveSmallIntegerField(_("year founded"), null=True, blank=True)
    corporate_number = models.CharField(_("corporate number"), max_length=13, blank=True)
    # What an overseas buyer is and looks for.
    buyer_kinds = codes(_("kind of travel business"), 30)
    markets = codes(_("markets sold to"), 2)
    yearly_visitors = models.CharField(_("visitors sent to Japan a year"), max_length=12, blank=True)
    group_sizes = codes(_("group sizes"), 20)
    segments = codes(_("kinds of traveller"), 30)
    wanted_categories = codes(_("categories looked for"))
    wanted_areas = codes(_("areas looked for"))
    months = codes(_("months of travel"), 2)

    TRANSLATED = ("headline", "description", "availability", "terms")

    class Meta:
        abstract = True
