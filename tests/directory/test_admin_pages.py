import pytest

from tests.directory.listings import make_draft, make_listing
from tests.directory.test_listing_pages import text_of

pytestmark = pytest.mark.django_db

LIST = "/en/admin/directory/listing/"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.mark.req("R049")
@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("registration reviewer", 200), ("auditor", 403), ("privacy officer", 403)],
)
def test_which_staff_read_the_listings(client, make_staff, role, status):
    make_listing()
    client.force_login(make_staff(role))

    assert client.get(LIST).status_code == status


def test_listings_are_found_by_name_and_not_by_prose(client, make_staff):
    make_listing("Mihon Ryokan", headline_en="Kimono")
    client.force_login(make_staff("administrator"))

    assert "Mihon Ryokan" in text_of(client.get(f"{LIST}?q=mihon"))
    assert "Mihon Ryokan" not in text_of(client.get(f"{LIST}?q=kimono"))
    assert "Mihon Ryokan" not in text_of(client.get(f"{LIST}?side__exact=overseas"))


def test_staff_change_no_listing(client, make_staff):
    listing = make_listing()
    client.force_login(make_staff("administrator"))

    page = client.get(f"{LIST}{listing.pk}/change/")

    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert client.post(f"{LIST}{listing.pk}/change/", {"name_en": "x"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{listing.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_photos_are_looked_at_by_who_may(client, admin_user, rows):
    draft = make_draft()
    for position in range(rows):
        photo = draft.photos.create(position=position, width=1, height=1, alternative_en="A room")
    client.force_login(admin_user)

    assert text_of(client.get("/en/admin/directory/photo/")).count("A room") == rows
    assert str(photo.ref) in client.get(f"/en/admin/directory/photo/{photo.pk}/change/").content.decode()
