"""The photos of a draft. Their files are our own encodings; what was uploaded is never kept."""

import hashlib
import uuid

from django.db import transaction
from django.db.models import Max

from accounts.fingerprint import fingerprint
from privacy import audit

from ..models import ListingDraft, Photo
from ..photos import process_upload
from . import files
from .draft import Stale, touch


class TooManyPhotos(Exception):
    """The draft has as many photos as a listing may show."""


def add_photo(draft, file, *, alternatives, is_decorative, by):
    """Keep an uploaded picture as the draft's last photo. `alternatives`: {"alternative_en": "", "alternative_ja": ""}.

    The same file twice is one photo. Raises ValidationError in the reader's words for a file that cannot be taken,
    and `TooManyPhotos`.
    """
    pictures = process_upload(file)
    ref = _ref_of(draft, file)
    with transaction.atomic():
        draft = ListingDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
        if there := draft.photos.filter(ref=ref).first():
            return there
        if draft.photos.count() >= Photo.MAX:
            raise TooManyPhotos
        last = draft.photos.aggregate(last=Max("position"))["last"] or 0
        photo = Photo.objects.create(
            draft=draft,
            ref=ref,
            position=last + 1,
            width=pictures.width,
            height=pictures.height,
            is_decorative=is_decorative,
            **alternatives,
        )
        touch(draft)
        audit.record(by, "photo added", photo)
        # Written before the row is committed: a row never lacks its files. Files without a row are swept.
        files.write(photo.ref, pictures.files)
    return photo


def _ref_of(draft, file):
    """The same for the same file in the same draft, and nobody can aim at the files of another."""
    file.seek(0)
    return uuid.uuid5(draft.ref, hashlib.file_digest(file, "sha256").hexdigest())


@transaction.atomic
def describe_photo(photo, values, *, seen, by):
    """Set what is read out instead of the photo: {"alternative_en", "alternative_ja", "is_decorative"}.

    `seen` and `Stale` as in `draft.save`. Raises `Photo.DoesNotExist` if the photo was removed.
    """
    draft = ListingDraft.objects.select_for_update(of=["self"]).get(pk=photo.draft_id)
    photo.refresh_from_db()
    if all((getattr(photo, name) or None) == (value or None) for name, value in values.items()):
        return
    if seen != fingerprint(photo, values):
        raise Stale(photo)
    for name, value in values.items():
        setattr(photo, name, value)
    photo.save()
    touch(draft)
    audit.record(by, "photo described", photo)


@transaction.atomic
def move_photo(photo, *, up, by):
    """Let the photo change places with its neighbour. The first one is the listing's cover."""
    ListingDraft.objects.select_for_update(of=["self"]).get(pk=photo.draft_id)
    photos = list(photo.draft.photos.all())
    place = next(index for index, candidate in enumerate(photos) if candidate.pk == photo.pk)
    neighbour = place - 1 if up else place + 1
    if not 0 <= neighbour < len(photos):
        return
    photos[place], photos[neighbour] = photos[neighbour], photos[place]
    for position, candidate in enumerate(photos, start=1):
        candidate.position = position
    Photo.objects.bulk_update(photos, ["position"])
    touch(photo.draft)
    audit.record(by, "photo moved", photo)


@transaction.atomic
def remove_photo(photo, *, by):
    """Take the photo out of the draft; a published listing shows it until it is published again."""
    touch(photo.draft)
    audit.record(by, "photo removed", photo)
    ref = photo.ref
    photo.delete()
    files.discard_unused({ref})
