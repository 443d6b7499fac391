import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.fingerprint import fingerprint
from accounts.models import Operator
from directory import services
from directory.models import Listing, Photo
from directory.services import files
from tests.directory.listings import make_buyer, make_draft, make_seller
from tests.directory.test_draft_pages import filled
from tests.directory.test_listing_pages import text_of
from tests.factories import UserFactory, make_member

pytestmark = pytest.mark.django_db


def picture(width=80, height=60, kind="PNG", name="photo.png"):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def pages(draft, photo=None, act=""):
    address = f"/en/partners/mine/{draft.ref}/photos/"
    return address + (f"{photo.ref}/{act}" if photo else "")


def file_url(photo, name="480.webp"):
    return f"/en/partners/photos/{photo.ref}/{name}"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(client):
    draft = make_draft()
    client.force_login(make_member(draft.operator))
    return draft


@pytest.fixture
def photo(draft):
    return add(draft)


def add(draft, alternative="A room", width=80):
    return services.add_photo(
        draft,
        picture(width),
        alternatives={"alternative_en": alternative, "alternative_ja": ""},
        is_decorative=False,
        by=make_member(draft.operator),
    )


def test_a_photo_is_added_with_what_it_shows(client, draft):
    response = client.post(
        pages(draft), {"file": picture(), "alternative_en": "A room", "alternative_ja": "部屋"}, follow=True
    )

    added = Photo.objects.get()
    assert (added.alternative_en, added.alternative_ja, added.width, added.height) == ("A room", "部屋", 80, 60)
    assert "The photo is added" in text_of(response)
    draft.refresh_from_db()
    assert draft.version == 1
    assert sorted(path.name for path in files.folder(added.ref).iterdir()) == [
        "1200.jpg",
        "1600.webp",
        "480.webp",
        "960.webp",
    ]


@pytest.mark.parametrize(
    ("answers", "field", "says"),
    [
        ({"alternative_en": "A room"}, "file", "Choose a photo"),
        ({"file": SimpleUploadedFile("a.png", b""), "alternative_en": "A"}, "file", "Choose a JPEG, PNG or WebP file"),
        (
            {"file": SimpleUploadedFile("a.png", b"<svg/>"), "alternative_en": "A"},
            "file",
            "Choose a JPEG, PNG or WebP file",
        ),
        ({"file": "not a file", "alternative_en": "A"}, "file", "Choose a photo"),
        ({}, "alternative_en", "Say what the photo shows"),
        ({"alternative_en": "x" * 201}, "alternative_en", "200 characters"),
        ({"alternative_ja": "字" * 101}, "alternative_ja", "100 characters"),
    ],
)
def test_what_cannot_be_taken_says_why_and_writes_nothing(client, draft, answers, field, says):
    if "file" not in answers and field != "file":
        answers = answers | {"file": picture()}

    response = client.post(pages(draft), answers)

    assert response.status_code == 200
    assert says in str(response.context["form"].errors[field])
    assert not Photo.objects.exists()
    assert not files.photos_root().exists()


def test_the_same_file_twice_is_one_photo(client, draft):
    for _ in range(2):
        assert client.post(pages(draft), {"file": picture(), "alternative_en": "A room"}).status_code == 302
    client.post(pages(draft), {"file": picture(width=81), "alternative_en": "A room"})

    assert draft.photos.count() == 2
    draft.refresh_from_db()
    assert draft.version == 2


def test_the_same_file_in_two_drafts_is_two_photos(draft):
    assert add(draft).ref != add(make_draft()).ref


def test_a_removed_photo_can_be_added_again(client, draft, photo, django_capture_on_commit_callbacks):
    services.publish(draft, by=make_member(draft.operator))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(pages(draft, photo, "remove/"))

    client.post(pages(draft), {"file": picture(), "alternative_en": "Again"})

    assert Photo.objects.get().alternative_en == "Again"
    assert files.folder(photo.ref).exists()


def test_decoration_needs_no_words(client, draft):
    client.post(pages(draft), {"file": picture(), "is_decorative": "on"})

    assert Photo.objects.get().is_decorative


def test_a_listing_shows_a_limited_number_of_photos(client, draft):
    for position in range(Photo.MAX):
        draft.photos.create(position=position, width=1, height=1, is_decorative=True)

    assert "Remove one to add another" in text_of(client.get(pages(draft)))
    response = client.post(pages(draft), {"file": picture(), "is_decorative": "on"})

    assert "up to 10 photos" in str(response.context["form"].errors["file"])
    assert draft.photos.count() == Photo.MAX


@pytest.mark.parametrize(
    ("moved", "direction", "order"),
    [(0, "up", "abc"), (0, "down", "bac"), (1, "up", "bac"), (2, "up", "acb"), (2, "down", "abc"), (1, "", "acb")],
)
def test_photos_are_ordered_by_buttons(client, draft, moved, direction, order):
    photos = [draft.photos.create(position=1, width=1, height=1, alternative_en=name) for name in "abc"]

    client.post(pages(draft, photos[moved], "move/"), {"direction": direction})

    assert "".join(photo.alternative_en for photo in draft.photos.all()) == order


def test_a_photo_is_described(client, draft, photo):
    address = pages(draft, photo)

    client.post(address, filled(client, address, alternative_en="A garden", alternative_ja="庭"))

    photo.refresh_from_db()
    assert (photo.alternative_en, photo.alternative_ja) == ("A garden", "庭")


def test_a_stale_description_shows_both_and_loses_none(client, draft, photo):
    address = pages(draft, photo)
    assert 'name="seen"' in client.get(address).content.decode()
    mine = filled(client, address, alternative_en="Mine", alternative_ja="庭")
    client.post(address, filled(client, address, alternative_en="A colleague's", is_decorative="on"))

    response = client.post(address, mine)

    assert "A colleague has saved something else meanwhile" in text_of(response)
    assert [text for _label, text in response.context["conflict"]] == ["A colleague's", "", "Yes"]
    assert response.context["form"]["alternative_en"].value() == "Mine"
    photo.refresh_from_db()
    assert photo.alternative_en == "A colleague's"

    again = {name: response.context["form"][name].value() for name in ("alternative_en", "alternative_ja", "seen")}
    assert client.post(address, again).status_code == 302
    photo.refresh_from_db()
    assert (photo.alternative_en, photo.is_decorative) == ("Mine", False)


def test_a_description_sent_twice_is_saved_once(client, draft, photo):
    address = pages(draft, photo)
    typed = filled(client, address, alternative_en="A garden")

    assert [client.post(address, typed).status_code for _ in range(2)] == [302, 302]
    draft.refresh_from_db()
    assert draft.version == 2


def test_a_photo_removed_meanwhile_is_not_described(draft, photo):
    there = Photo.objects.get()
    seen = fingerprint(there, ["alternative_en"])
    services.remove_photo(photo, by=make_member(draft.operator))

    with pytest.raises(Photo.DoesNotExist):
        services.describe_photo(there, {"alternative_en": "A garden"}, seen=seen, by=make_member(draft.operator))
    assert not Photo.objects.exists()


def test_removing_asks_first_and_deletes_the_files(client, draft, photo, django_capture_on_commit_callbacks):
    assert "Remove this photo?" in text_of(client.get(pages(draft, photo, "remove/")))
    assert files.folder(photo.ref).exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(pages(draft, photo, "remove/"))

    assert not Photo.objects.exists()
    assert not files.folder(photo.ref).exists()


def test_a_published_photo_is_shown_until_the_next_publication(
    client, draft, photo, django_capture_on_commit_callbacks
):
    owner = make_member(draft.operator)
    services.publish(draft, by=owner)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_photo(photo, by=owner)
    client.force_login(make_buyer())
    assert client.get(file_url(photo)).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        services.publish(draft, by=owner)

    assert client.get(file_url(photo)).status_code == 404
    assert not files.folder(photo.ref).exists()


def test_unpublishing_keeps_the_photos_of_the_draft(draft, photo, django_capture_on_commit_callbacks):
    owner = make_member(draft.operator)
    services.publish(draft, by=owner)

    with django_capture_on_commit_callbacks(execute=True):
        services.unpublish(draft, by=owner)

    assert files.folder(photo.ref).exists()


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    ("person", "published", "status"),
    [
        ("owner", False, 200),
        ("owner", True, 200),
        ("reader of the operator", False, 404),
        ("buyer", False, 404),
        ("buyer", True, 200),
        ("buyer, not approved", True, 404),
        ("seller", True, 404),
        ("without an operator", True, 404),
        ("public", True, 302),
    ],
)
def test_who_may_look_at_a_photo(client, draft, photo, person, published, status):
    people = {
        "owner": lambda: make_member(draft.operator),
        "reader of the operator": lambda: make_member(draft.operator, role="reader"),
        "buyer": make_buyer,
        "buyer, not approved": lambda: make_buyer(approved_at=None),
        "seller": make_seller,
        "without an operator": UserFactory,
    }
    if published:
        services.publish(draft, by=make_member(draft.operator))
    client.logout()
    if person in people:
        client.force_login(people[person]())

    assert client.get(file_url(photo)).status_code == status
    assert client.head(file_url(photo)).status_code == status


@pytest.mark.req("R043")
def test_a_photo_goes_with_the_approval(client, draft, photo):
    services.publish(draft, by=make_member(draft.operator))
    client.force_login(make_buyer())
    assert client.get(file_url(photo)).status_code == 200

    Operator.objects.filter(pk=draft.operator_id).update(status=Operator.Status.SUSPENDED)

    assert client.get(file_url(photo)).status_code == 404


@pytest.mark.parametrize("name", ["photo.png", "480.webp.php", "..%2F480.webp", "480.WEBP", "original.jpg"])
def test_only_our_own_sizes_exist(client, draft, photo, name):
    assert client.get(file_url(photo, name)).status_code == 404


@pytest.mark.req("R151")
def test_a_photo_is_sent_as_what_it_is_and_for_this_person_alone(client, draft, photo):
    response = client.get(file_url(photo, "1200.jpg"))

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")
    assert response.content.startswith(b"\xff\xd8")


def test_a_proxy_may_send_the_file(client, draft, photo, settings):
    settings.MEDIA_ACCEL = "/protected/"

    response = client.get(file_url(photo))

    assert response["X-Accel-Redirect"] == f"/protected/photos/{photo.ref}/480.webp"
    assert response.content == b""


@pytest.mark.req("R151")
def test_the_photos_of_others_cannot_be_touched(client, draft):
    others = make_draft()
    theirs = add(others)

    for act in ("", "move/", "remove/"):
        assert client.post(pages(others, theirs, act), {"direction": "up"}).status_code == 404
        assert client.post(pages(draft, theirs, act), {"direction": "up"}).status_code == 404
    assert Photo.objects.filter(pk=theirs.pk).exists()


def test_a_card_and_a_page_show_the_photo_with_its_words(client, draft, photo):
    services.publish(draft, by=make_member(draft.operator))
    client.force_login(make_buyer())

    listing = Listing.objects.get()
    assert f'<img src="{file_url(photo)}" alt=""' in client.get("/en/partners/").content.decode()
    assert 'alt="A room"' in client.get(listing.get_absolute_url()).content.decode()
