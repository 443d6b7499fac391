"""What of the directory is published as statistics (R156).

Operators are businesses, and a count of businesses says nothing about a person. But a business may be one person, and
each has somebody in charge; so they are counted through the gate, by whom they stand for: who objects to statistics,
whose processing is restricted, or who may be a child is missing from every number, and each count is a use on record.
Missing as well, until somebody is named, is an operator whose only contact was erased.
"""

from collections import Counter
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import bands, countries, places
from accounts.sides import Side
from privacy import gate, statistics, usage
from privacy.models import UsageCount
from privacy.purposes import Purpose
from privacy.statistics import Category, Dimension, Table

from .personal_data import COUNTED
from .taxonomy import BUYER_KINDS, CATEGORIES, rows_of

# What is not said.
UNSAID = "none"
MONTHS = 24
MOST_TERMS = 30
WORLD_REGIONS = rows_of("world_regions")


@statistics.source
def of_operators(today, by):
    batches = gate.in_batches(Purpose.STATISTICS, surface="published statistics", by=by)
    approved = [values for batch in batches for _subject, rows in batch for values in rows.values()]
    operators = [one for one in approved if timezone.localdate(one["approved_at"]) <= today]
    return [
        _by_side_and_size(operators),
        _by_area([one for one in operators if one["side"] == Side.DOMESTIC]),
        _by_country([one for one in operators if one["side"] == Side.OVERSEAS]),
        _by_category([one for one in operators if one["side"] == Side.DOMESTIC]),
        _by_kind([one for one in operators if one["side"] == Side.OVERSEAS]),
        _over_time(operators, today),
    ]


@statistics.source
def of_searches(today, by):
    """Of the month before: what many looked for, which nobody can be told from (R120, R122)."""
    month = _first_of(today) - timedelta(days=1)
    counted = UsageCount.objects.filter(kind=usage.SEARCH, day=_first_of(month), count__gte=usage.RARE)
    terms = Counter()
    for term, count in counted.values_list("term", "count"):
        terms[term] += count
    often = sorted(terms.items(), key=lambda item: (-item[1], item[0]))[:MOST_TERMS]
    dimension = Dimension(
        "term",
        "privacy.UsageCount.term",
        lambda language: _("Search term"),
        tuple(Category(term, lambda language, term=term: term) for term, _count in often),
    )
    return [
        Table(
            "searches",
            lambda language: _("What was searched for most in %(month)s") % {"month": _month(month)},
            lambda language: _("Searches"),
            (dimension,),
            {(term,): count for term, count in often},
            adds_up=False,
        )
    ]


def _by_side_and_size(operators):
    size = Dimension(
        "employees",
        COUNTED["employees"],
        lambda language: _("Number of employees"),
        tuple(Category(code, lambda language, code=code: bands.label(code, language)) for code in bands.BANDS),
        is_ordered=True,
    )
    # Every registration says it; only what was there before it was asked does not.
    said = [one for one in operators if one["employees"]]
    return Table(
        "operators-by-side-and-size",
        lambda language: _("Operators by side and number of employees"),
        lambda language: _("Operators"),
        (_sides(), size),
        Counter((one["side"], bands.band_of(one["employees"]).code) for one in said),
    )


def _by_area(operators):
    area = Dimension(
        "area",
        COUNTED["municipality"],
        lambda language: _("Municipality"),
        (
            *(
                Category(place.code, lambda language, place=place: place.label(language), place.region)
                for place in places.MUNICIPALITIES.values()
            ),
            _unsaid(),
        ),
        {code: region.name for code, region in places.REGIONS.items()},
    )
    return _of_one(
        "tokyo-operators-by-area", _("Tokyo operators by area"), area, (one["municipality"] for one in operators)
    )


def _by_country(operators):
    region_of = {code: row["code"] for row in WORLD_REGIONS for code in row["countries"].split()}
    country = Dimension(
        "country",
        COUNTED["country"],
        lambda language: countries.LABEL,
        (
            *(
                Category(
                    country.code,
                    lambda language, country=country: country.name(language),
                    region_of.get(country.code, ""),
                )
                for country in countries.every("en")
            ),
            _unsaid(),
        ),
        {row["code"]: lambda language, row=row: row[f"name_{language}"] for row in WORLD_REGIONS},
    )
    return _of_one(
        "overseas-operators-by-country",
        _("Overseas operators by country or region"),
        country,
        (one["country"] for one in operators),
    )


def _by_category(operators):
    category = Dimension(
        "category",
        COUNTED["categories"],
        lambda language: _("Main category"),
        (*(Category(term.code, term.name) for term in CATEGORIES.headings), _unsaid()),
    )
    headings = (CATEGORIES[one["categories"][0]].parent if one["categories"] else "" for one in operators)
    return _of_one("tokyo-operators-by-category", _("Tokyo operators by main category"), category, headings)


def _by_kind(operators):
    kind = Dimension(
        "kind",
        COUNTED["buyer_kinds"],
        lambda language: _("Kind of travel business"),
        (*(Category(term.code, term.name) for term in BUYER_KINDS), _unsaid()),
    )
    kinds = (one["buyer_kinds"][0] if one["buyer_kinds"] else "" for one in operators)
    return _of_one("overseas-operators-by-kind", _("Overseas operators by kind of travel business"), kind, kinds)


def _over_time(operators, today):
    """How many of those who are there had been approved by the end of each of the last months.

    Each of these numbers is of all until then, so none is small. What came in one month is told only by two of them,
    and so by two roundings.
    """
    ends, last = [], _first_of(today) - timedelta(days=1)
    while len(ends) < MONTHS:
        ends.append(last)
        last = _first_of(last) - timedelta(days=1)
    month = Dimension(
        "month",
        COUNTED["approved_at"],
        lambda language: _("End of month"),
        tuple(Category(f"{day:%Y-%m}", lambda language, day=day: _month(day)) for day in reversed(ends)),
        is_ordered=True,
    )
    counts = Counter(
        (one["side"], f"{day:%Y-%m}")
        for one in operators
        for day in ends
        if timezone.localdate(one["approved_at"]) <= day
    )
    return Table(
        "approved-operators",
        lambda language: _("Approved operators at the end of each month"),
        lambda language: _("Operators"),
        (_sides(), month),
        counts,
        adds_up=False,
        chart="line",
    )


def _of_one(key, title, dimension, codes):
    """A table of one dimension; what nobody knows any more counts as not said."""
    known = {category.code for category in dimension.categories}
    counts = Counter((code if code in known else UNSAID,) for code in codes)
    return Table(key, lambda language: title, lambda language: _("Operators"), (dimension,), counts)


def _sides():
    return Dimension(
        "side",
        COUNTED["side"],
        lambda language: _("Side"),
        tuple(Category(side.value, lambda language, side=side: side.label) for side in Side),
    )


def _unsaid():
    return Category(UNSAID, lambda language: _("Not stated"))


def _first_of(day):
    return day.replace(day=1)


def _month(day):
    return date_format(day, "YEAR_MONTH_FORMAT")
