"""From the draft to the listing, which is all that the other side reads."""

from django.db import transaction
from django.utils import timezone

from accounts import licences
from accounts.bands import band_of
from accounts.models import Operator
from accounts.sides import Side
from privacy import audit

from .. import search
from ..completeness import missing_before_publishing
from ..models import Listing, ListingDraft
from ..models.content import LANGUAGES, ListingContent
from . import files

COPIED = [
    f"{field.name}{suffix}"
    for field in ListingContent._meta.fields
    for suffix in ([f"_{language}" for language in LANGUAGES] if field.name in ListingContent.TRANSLATED else [""])
]


class NotApproved(Exception):
    """The city's staff have not approved the operator, or have suspended it."""


class Incomplete(Exception):
    """The draft lacks what a listing needs; `args[0]` are the tasks of `directory.completeness`."""


@transaction.atomic
def publish(draft, *, by):
    """Show what the draft holds to the other side from now on. Published twice, the second time changes nothing.

    Raises `NotApproved`, or `Incomplete` with the tasks still to do.
    """
    draft = ListingDraft.objects.select_for_update(of=["self"]).select_related("operator").get(pk=draft.pk)
    if not may_publish(draft.operator):
        raise NotApproved
    if missing := missing_before_publishing(draft):
        raise Incomplete(missing)
    before = Listing.objects.filter(operator=draft.operator).first()
    if before and before.draft_version == draft.version:
        return before
    listing = preview(draft)
    if before:
        listing.pk, listing.published_at = before.pk, before.published_at
        listing._state.adding = False
    listing.save()
    search.index(listing)
    files.discard_unused(set(before.photo_refs if before else ()) - set(listing.photo_refs))
    audit.record(by, "listing published", listing, version=draft.version)
    return listing


def may_publish(operator):
    return operator.approved_at is not None and operator.status in (
        Operator.Status.ACTIVE,
        Operator.Status.CONTACT_NEEDED,
    )


def preview(draft):
    """The listing as publishing would make it, unsaved. Its address stays the same however often it is published."""
    operator = draft.operator
    photos = list(draft.photos.all())
    return Listing(
        operator=operator,
        ref=draft.ref,
        draft_version=draft.version,
        updated_at=timezone.now(),
        photos=[
            {
                "ref": str(photo.ref),
                "width": photo.width,
                "height": photo.height,
                "alternative_en": photo.alternative_en or "",
                "alternative_ja": photo.alternative_ja or "",
                "is_decorative": photo.is_decorative,
            }
            for photo in photos
        ],
        photo_refs=[photo.ref for photo in photos],
        **{name: getattr(draft, name) for name in COPIED},
        **facts_of(operator),
    )


def facts_of(operator):
    """What a listing repeats of the operator's approved values; no personal field among them."""
    domestic = operator.side == Side.DOMESTIC
    return {
        "side": operator.side,
        "name_en": operator.name("en"),
        "name_ja": operator.name("ja"),
        "country": "JP" if domestic else operator.country,
        "municipality": operator.tokyo_municipality if domestic else "",
        "city": operator.city,
        "homepage": operator.homepage,
        "employees_band": band_of(operator.employees).code if operator.employees else "",
        "licences": [
            {"kind": licence["kind"]}
            | {language: licences.formatted(**licence, language=language) for language in LANGUAGES}
            for licence in operator.licences
        ],
        "licence_checked_on": operator.licence_checked_on,
    }


@transaction.atomic
def unpublish(draft, *, by):
    """Take the listing away from the other side at once. The draft stays."""
    listing = Listing.objects.select_for_update(of=["self"]).filter(operator=draft.operator_id).first()
    if listing is None:
        return
    audit.record(by, "listing unpublished", listing)
    files.discard_unused(set(listing.photo_refs))
    listing.delete()


@transaction.atomic
def refresh_facts(operator):
    """Bring the published facts up to the operator's approved values; they count as an update if they differ."""
    listing = Listing.objects.select_for_update(of=["self"]).filter(operator=operator).first()
    if listing is None:
        return
    facts = facts_of(operator)
    if any(getattr(listing, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(listing, name, value)
        listing.updated_at = timezone.now()
        listing.save()
        search.index(listing)
        audit.record(None, "listing facts refreshed", listing)
