"""What `directory` holds: facts of businesses, and what somebody noted for themselves."""

from django.db.models import F
from django.utils.translation import get_language

from accounts import bands, places
from accounts.display import written
from accounts.models import Operator
from accounts.personal_data import businesses_that_left
from privacy.declarations import EraseAction, Source, declaration_of, declare, due_source, field_source
from privacy.packages import file_source
from privacy.purposes import Purpose
from privacy.retention import Retention

from .models import Listing, ListingDraft, Photo, SavedListing, SearchDocument
from .services import files
from .taxonomy import (
    ATTRIBUTES,
    BUYER_KINDS,
    CATEGORIES,
    GROUP_SIZES,
    LANGUAGES,
    MARKETS,
    MONTHS,
    SEGMENTS,
    VISITOR_BANDS,
)

LISTS = {
    "categories": CATEGORIES,
    "wanted_categories": CATEGORIES,
    "languages": LANGUAGES,
    "attributes": ATTRIBUTES,
    "buyer_kinds": BUYER_KINDS,
    "markets": MARKETS,
    "group_sizes": GROUP_SIZES,
    "segments": SEGMENTS,
    "months": MONTHS,
    "yearly_visitors": VISITOR_BANDS,
}


def in_words(row, name, value):
    """What the codes of a listing stand for, in the reader's language."""
    if name in LISTS:
        return ", ".join(LISTS[name].names(value if isinstance(value, list) else [value]))
    if name in ("areas", "wanted_areas"):
        return ", ".join(map(places.label, value))
    if name == "licences":
        return "\n".join(licence[get_language()] for licence in value)
    if name == "employees_band":
        return bands.label(value)
    if name in ("country", "municipality"):
        return written("tokyo_municipality" if name == "municipality" else name, value)
    return None


CONTENT = (
    "headline description availability terms categories areas languages attributes capacity_min capacity_max "
    "founded_in corporate_number buyer_kinds markets yearly_visitors group_sizes segments "
    "wanted_categories wanted_areas months "
)
REMOVED = "removed by whoever manages the business, in that act"
OF_A_BUSINESS = {
    "subject": "operator__memberships__user__subject",
    "purposes": [Purpose.NETWORKING],
    "retention": [Retention.LISTING, Retention.OPERATOR],
    "source": Source.PERSON,
    "provided": CONTENT,
    "erase": EraseAction.UNLINK,
    "words": in_words,
    "goes_with": "operator",
    "goes_by": {Retention.LISTING: REMOVED},
}

declare(
    ListingDraft,
    business=CONTENT,
    not_personal="id operator ref version created_at updated_at outdated",
    **OF_A_BUSINESS,
)
declare(
    Listing,
    purposes_by_field=dict.fromkeys(["categories", "buyer_kinds"], [Purpose.NETWORKING, Purpose.STATISTICS]),
    business=CONTENT + "name country municipality city homepage employees_band licences licence_checked_on",
    not_personal="id operator ref side photos photo_refs draft_version published_at updated_at",
    **OF_A_BUSINESS,
)
declare(
    Photo,
    business="alternative is_decorative",
    not_personal="id draft ref position width height created_at",
    subject="draft__operator__memberships__user__subject",
    purposes=[Purpose.NETWORKING],
    retention=[Retention.LISTING],
    source=Source.PERSON,
    provided="alternative",
    erase=EraseAction.UNLINK,
    goes_with="draft",
    goes_by={Retention.LISTING: REMOVED},
)
declare(SearchDocument, not_personal="listing side quality facets doc")
declare(
    SavedListing,
    identifying="note",
    technical="user operator created_at",
    not_personal="id",
    subject="user__subject",
    purposes=[Purpose.NETWORKING],
    retention=[Retention.ACCOUNT],
    source=Source.PERSON,
    provided="note",
    goes_with="user operator",
)


# What operators are told apart by in published statistics (`directory.statistics`).
COUNTED = {
    "side": "accounts.Operator.side",
    "approved_at": "accounts.Operator.approved_at",
    "municipality": "accounts.Operator.tokyo_municipality",
    "country": "accounts.Operator.country",
    "employees": "accounts.Operator.employees",
    "categories": "directory.Listing.categories",
    "buyer_kinds": "directory.Listing.buyer_kinds",
}


@field_source(Purpose.STATISTICS, gives=COUNTED)
def operators_in_the_cross_view(subjects):
    """Of approved operators that the other side sees, what is counted, by who is in charge of them."""
    operators = Operator.objects.in_cross_view().filter(contact__in=subjects)
    found = {}
    for row in operators.values(
        "pk",
        "contact",
        "side",
        "approved_at",
        "country",
        "employees",
        municipality=F("tokyo_municipality"),
        categories=F("listing__categories"),
        buyer_kinds=F("listing__buyer_kinds"),
    ):
        found.setdefault(row.pop("contact"), {})[f"operator:{row.pop('pk')}"] = row
    return found


@due_source(ListingDraft, Retention.OPERATOR)
def drafts_of_businesses_that_left(before):
    return ListingDraft.objects.filter(operator__in=businesses_that_left(before))


@due_source(Listing, Retention.OPERATOR)
def listings_of_businesses_that_left(before):
    return Listing.objects.filter(operator__in=businesses_that_left(before))


@file_source
def photos(subject):
    """The photos of the businesses for which the person acts, in the largest size that every program reads."""
    for photo in declaration_of(Photo).rows_of(subject).order_by("pk"):
        file = files.folder(photo.ref) / "1200.jpg"
        if file.exists():
            yield f"photos/{photo.ref}.jpg", file.read_bytes()
