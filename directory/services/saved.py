"""What a person keeps in mind of the other side."""

from django.db import transaction

from privacy import audit

from ..models import SavedListing


@transaction.atomic
def remember(listing, *, by):
    """Save the operator of a listing; saved twice, it is saved once."""
    saved, created = SavedListing.objects.get_or_create(user=by, operator_id=listing.operator_id)
    if created:
        audit.record(by, "listing saved", listing)
    return saved


@transaction.atomic
def forget(listing, *, by):
    """No longer saved; its note goes with it."""
    deleted, _by_model = SavedListing.objects.filter(user=by, operator_id=listing.operator_id).delete()
    if deleted:
        audit.record(by, "listing no longer saved", listing)


@transaction.atomic
def note(saved, text, *, by):
    """Keep a person's own note beside what they saved."""
    if saved.note != text:
        saved.note = text
        saved.save(update_fields=["note"])
        audit.record(by, "note on saved listing written", saved)
