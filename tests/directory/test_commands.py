import io
import os
import uuid

import pytest
from django.core.management import call_command

from directory.models import SearchDocument
from directory.search import search
from directory.services import files
from tests.directory.listings import make_buyer, make_draft, make_listing

pytestmark = pytest.mark.django_db


def run(name, **options):
    out = io.StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def left_behind(settings, tmp_path):
    """Files of three photos: of a draft, of an upload that failed, and of one that is just under way."""
    settings.MEDIA_ROOT = tmp_path
    photo = make_draft().photos.create(position=1, width=1, height=1)
    refs = {"shown": photo.ref, "failed": uuid.uuid4(), "under way": uuid.uuid4()}
    for name, ref in refs.items():
        files.write(ref, {"480.webp": b"x"})
        if name != "under way":
            os.utime(files.folder(ref), (0, 0))
    return refs


def test_sweeping_deletes_what_nothing_shows(left_behind):
    assert run("sweep_photos", dry_run=True) == "1 photos without a draft or listing found\n"
    assert files.folder(left_behind["failed"]).exists()

    assert run("sweep_photos") == "1 photos without a draft or listing deleted\n"

    assert {name for name, ref in left_behind.items() if files.folder(ref).exists()} == {"shown", "under way"}


def test_sweeping_before_the_first_photo_does_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    assert run("sweep_photos") == "0 photos without a draft or listing deleted\n"


def test_search_documents_can_be_written_again():
    make_listing("Garden")
    SearchDocument.objects.update(doc="", facets=[])
    assert search(make_buyer(), "garden").total == 0

    assert run("rebuild_search") == "1 search documents written\n"

    assert search(make_buyer(), "garden").total == 1
