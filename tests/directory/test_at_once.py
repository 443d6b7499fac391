"""What two people do in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.fingerprint import fingerprint
from directory import services
from directory.models import Listing, Photo
from privacy.models import AuditEvent
from tests.directory.listings import make_draft
from tests.directory.test_photo_pages import add
from tests.factories import make_member

pytestmark = pytest.mark.usefixtures("committing_db")


def at_once(act, times=2):
    """Call `act` in so many threads in the same moment; what each returned or raised."""
    barrier = Barrier(times)

    def run(_number):
        barrier.wait()
        try:
            return act()
        except (services.Stale, services.TooManyPhotos) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


def test_two_publications_make_one_listing():
    draft = make_draft()
    owner = make_member(draft.operator)

    published = at_once(lambda: services.publish(draft, by=owner))

    assert {listing.pk for listing in published} == {Listing.objects.get().pk}
    assert AuditEvent.objects.filter(act="listing published").count() == 1


def test_two_colleagues_do_not_overwrite_each_other():
    draft = make_draft()
    owner = make_member(draft.operator)
    seen = fingerprint(draft, ["headline_en"])
    texts = iter(["Mine", "Yours"])

    answers = at_once(lambda: services.save(draft, {"headline_en": next(texts)}, seen=seen, by=owner))

    assert sorted(type(answer).__name__ for answer in answers) == ["ListingDraft", "Stale"]


def test_the_limit_of_photos_is_exact(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = make_draft()
    make_member(draft.operator)
    for position in range(Photo.MAX - 1):
        draft.photos.create(position=position, width=1, height=1)

    widths = iter([80, 81])

    answers = at_once(lambda: add(draft, width=next(widths)))

    assert sorted(type(answer).__name__ for answer in answers) == ["Photo", "TooManyPhotos"]
    assert draft.photos.count() == Photo.MAX
