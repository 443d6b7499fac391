"""The files of photos: kept while a draft or a published listing shows them."""

import shutil
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ..models import Listing, Photo

# Younger files may belong to a row that is about to be committed.
SETTLED_AFTER = 60 * 60


def photos_root():
    return Path(settings.MEDIA_ROOT) / "photos"


def folder(ref):
    return photos_root() / str(ref)


def write(ref, contents):
    """`contents`: {file name: bytes}."""
    folder(ref).mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder(ref) / name).write_bytes(content)


def discard_unused(refs):
    """Delete the files of those `refs` that nothing shows any more, once this transaction is committed."""
    if refs:
        transaction.on_commit(lambda: _discard(refs))


def _discard(refs):
    unused = set(refs) - _used(refs)
    for ref in unused:
        shutil.rmtree(folder(ref), ignore_errors=True)
    return len(unused)


def _used(refs):
    used = set(Photo.objects.filter(ref__in=refs).values_list("ref", flat=True))
    for published in Listing.objects.filter(photo_refs__overlap=list(refs)).values_list("photo_refs", flat=True):
        used.update(published)
    return used


def sweep(*, dry_run=False):
    """Delete what a transaction left behind that wrote files and was rolled back. Returns how many photos."""
    if not photos_root().exists():
        return 0
    settled = time.time() - SETTLED_AFTER
    found = {uuid.UUID(path.name) for path in photos_root().iterdir() if path.stat().st_mtime < settled}
    return len(found - _used(found)) if dry_run else _discard(found)
