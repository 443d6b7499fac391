"""What results can be narrowed by: the groups of the filter column, what is chosen, and chips to take it back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import bands, countries, places
from accounts.sides import Side

from .taxonomy import ATTRIBUTES, BUYER_KINDS, CATEGORIES, LANGUAGES


@dataclass(frozen=True)
class Group:
    """One facet: the codes of its first level, and those below each of them where there are two levels."""

    facet: str
    label: str
    levels: dict[str, list[str]]
    name: Callable[[str], str]

    def __contains__(self, code):
        return code in self.levels or any(code in below for below in self.levels.values())


def _flat(codes):
    return {code: [] for code in codes}


def groups_of(side):
    """The groups that make sense for listings of `side`."""
    domestic = side == Side.DOMESTIC
    buyers = [
        Group(
            "buyer", gettext_lazy("Kind of travel business"), _flat(term.code for term in BUYER_KINDS), BUYER_KINDS.name
        ),
        Group("country", countries.LABEL, _flat(country.code for country in countries.every()), countries.name),
    ]
    return [
        *([] if domestic else buyers),
        Group(
            "category",
            gettext_lazy("Type of business") if domestic else gettext_lazy("Looking for"),
            {term.code: [child.code for child in CATEGORIES.children(term.code)] for term in CATEGORIES.headings},
            CATEGORIES.name,
        ),
        Group(
            "area",
            gettext_lazy("Area") if domestic else gettext_lazy("Area of interest"),
            {region.code: [place.code for place in region.municipalities] for region in places.REGIONS.values()},
            places.label,
        ),
        Group("language", gettext_lazy("Languages spoken"), _flat(term.code for term in LANGUAGES), LANGUAGES.name),
        Group(
            "attribute",
            gettext_lazy("Good to know"),
            _flat(term.code for term in ATTRIBUTES if term.parent),
            ATTRIBUTES.name,
        ),
        Group("employees", gettext_lazy("Number of employees"), _flat(bands.BANDS), bands.label),
    ]


def selected(groups, query):
    """{facet: codes} of a query string. Unknown codes are ignored; a heading gives way to what is chosen below it."""
    chosen = {}
    for group in groups:
        asked = set(query.getlist(group.facet))
        codes = []
        for code, below in group.levels.items():
            codes += [child for child in below if child in asked] or ([code] if code in asked else [])
        if codes:
            chosen[group.facet] = codes
    return chosen


def drawn(groups, results):
    """The groups for components/filter_group.html: what would find something or is chosen, and what lies below that."""
    return [
        {"name": group.facet, "legend": group.label, "options": options}
        for group in groups
        if (options := list(_options(group, results)))
    ]


def _options(group, results):
    chosen = results.selected.get(group.facet, [])
    for code, below in group.levels.items():
        count, is_open = results.counts.get((group.facet, code), 0), code in chosen or any(c in chosen for c in below)
        if count or is_open:
            yield _option(group.name(code), code, count, code in chosen)
        if is_open:
            for child in below:
                count = results.counts.get((group.facet, child), 0)
                if count or child in chosen:
                    yield _option(f"– {group.name(child)}", child, count, child in chosen)


def _option(label, code, count, checked):
    return {"value": code, "label": label, "count": count, "checked": checked}


def chips(groups, results, query):
    """What is asked for, each with the address of this page without it."""
    found = []
    if results.query:
        found.append({"text": _("“%(query)s”") % {"query": results.query}, "url": _without(query, "q")})
    for group in groups:
        for code in results.selected.get(group.facet, []):
            found.append({"text": group.name(code), "url": _without(query, group.facet, code)})
    return found


def _without(query, name, value=None):
    rest = query.copy()
    rest.pop("page", None)
    kept = [other for other in rest.getlist(name) if value is not None and other != value]
    rest.setlist(name, kept)
    return f"?{rest.urlencode()}"
