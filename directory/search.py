"""Finding listings. Everything starts from what the person may see: totals, facet counts and pages alike."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Lower
from django.utils.translation import get_language

from accounts import countries, places
from accounts.sides import Side

from . import tokens
from .models import Listing, SearchDocument
from .taxonomy import ATTRIBUTES, BUYER_KINDS, CATEGORIES, LANGUAGES

PER_PAGE = 12
SORTS = ("relevance", "updated", "name")


@dataclass(frozen=True)
class Results:
    """`page` of listings, how many there are in all, {(facet, code): count}, and what was asked for after cleaning."""

    page: Page
    total: int
    counts: dict
    query: str
    selected: dict
    sort: str


def search(person, query="", filters=None, page=1, sort=""):
    """The listings `person` may see that match `query` and `filters` ({facet: codes}).

    Any code of a facet is enough, every facet counts. What is unknown is ignored; beyond the end is the last page.
    The counts of a facet are those its other codes would give, so its own selection does not narrow them.
    """
    query = " ".join(query.replace("\x00", " ").split())[: tokens.MAX_QUERY]
    selected = {facet: codes for facet, codes in (filters or {}).items() if facet in tokens.FACETS and codes}
    asked = tokens.query_tokens(query)
    visible = Listing.objects.visible_to(person)
    if person.is_authenticated and (side := person.side_across()):
        # The literal side lets the partial index of that side be used.
        visible = visible.filter(document__side=side)
    candidates = visible if asked or not query else visible.none()
    found = matching(candidates, asked, selected)
    sort = sort if sort in SORTS else ""
    sort = sort if sort and (sort != "relevance" or asked) else ("relevance" if asked else "updated")
    shown = Paginator(_sorted(found, asked, sort), PER_PAGE).get_page(page)
    counts = _counts(found)
    for facet in selected:
        rest = {name: codes for name, codes in selected.items() if name != facet}
        own = _counts(matching(candidates, asked, rest))
        counts = {key: count for key, count in counts.items() if key[0] != facet}
        counts |= {key: count for key, count in own.items() if key[0] == facet}
    return Results(shown, shown.paginator.count, counts, query, selected, sort)


def matching(listings, asked, selected):
    wanted = tokens.both(asked.anywhere if asked else "", tokens.facet_query(selected))
    return listings.filter(document__doc=tokens.Match(wanted)) if wanted else listings


def _sorted(listings, asked, sort):
    if sort == "name":
        return listings.order_by(Lower(f"name_{get_language()}"), "pk")
    if sort == "updated":
        return listings.newest_first()
    tiers = [When(document__doc=tokens.Match(tier), then=Value(place)) for place, tier in enumerate(asked.tiers[:-1])]
    tier = Case(*tiers, default=Value(len(tiers)), output_field=IntegerField())
    return listings.order_by(tier, "-document__quality", "-updated_at", "-pk")


def _counts(listings):
    rows = (
        listings.order_by()
        .annotate(facet=Func(F("document__facets"), function="unnest", output_field=TextField()))
        .values("facet")
        .annotate(count=Count("pk"))
        .values_list("facet", "count")
    )
    return {tuple(facet.split(":", 1)): count for facet, count in rows}


def index(listing):
    """Write the search document of a listing, in the transaction that wrote the listing."""
    facets = sorted(set(facets_of(listing)))
    SearchDocument.objects.update_or_create(
        listing=listing,
        defaults={
            "side": listing.side,
            "quality": quality(listing),
            "facets": [f"{facet}:{code}" for facet, code in facets],
            "doc": tokens.Document(
                tokens.document_tokens([listing.name_en, listing.name_ja], tags_of(listing), prose_of(listing), facets)
            ),
        },
    )


def facets_of(listing):
    """Pairs of facet and code. What a buyer looks for stands where a seller's own categories and areas do."""
    domestic = listing.side == Side.DOMESTIC
    categories = listing.categories if domestic else listing.wanted_categories
    areas = listing.areas + [listing.municipality] if domestic else listing.wanted_areas
    if places.WHOLE_OF_TOKYO in areas:
        areas = list(places.MUNICIPALITIES)
    municipalities = [code for code in areas if code in places.MUNICIPALITIES]
    yield from (("category", code) for code in CATEGORIES.with_headings(categories))
    yield from (("area", code) for code in municipalities)
    yield from (("area", places.MUNICIPALITIES[code].region) for code in municipalities)
    yield from (("language", code) for code in listing.languages)
    yield from (("attribute", code) for code in [*listing.attributes, *listing.segments])
    yield from (("buyer", code) for code in listing.buyer_kinds)
    if not domestic:
        yield "country", listing.country
    if listing.employees_band:
        yield "employees", listing.employees_band


def tags_of(listing):
    """The names, in both languages, of everything that was chosen from a list."""
    for language in ("en", "ja"):
        for taxonomy, codes in (
            (CATEGORIES, CATEGORIES.with_headings([*listing.categories, *listing.wanted_categories])),
            (LANGUAGES, listing.languages),
            (ATTRIBUTES, [*listing.attributes, *listing.segments]),
            (BUYER_KINDS, listing.buyer_kinds),
        ):
            yield from taxonomy.names(codes, language)
        yield from (places.label(code, language) for code in [*listing.areas, listing.municipality] if code)
        yield countries.name(listing.country, language)
    yield listing.city


def prose_of(listing):
    for name in ("headline", "description"):
        for language in ("en", "ja"):
            yield getattr(listing, f"{name}_{language}") or ""


def quality(listing):
    """From 0 to 100: how much a listing tells. It orders what is equally relevant, and an operator can raise it."""
    written = sum(bool(text) for text in prose_of(listing))
    return (
        15 * written
        + 10 * bool(listing.photos)
        + 10 * bool(listing.licence_checked_on)
        + 10 * bool(listing.languages)
        + 10 * bool(listing.homepage)
    )
