import pytest

from accounts.models import Operator
from directory import services
from directory.models import SavedListing
from tests.directory.listings import make_buyer, make_listing, questions_of
from tests.directory.test_listing_pages import text_of
from tests.factories import make_member

pytestmark = pytest.mark.django_db

SAVED = "/en/partners/saved/"


@pytest.fixture
def buyer(client):
    buyer = make_buyer()
    client.force_login(buyer)
    return buyer


def act(client, listing, name, **answers):
    return client.post(f"/en/partners/{listing.ref}/{name}/", answers)


def test_saving_twice_saves_once_and_leads_back(client, buyer):
    listing = make_listing()

    for _ in range(2):
        response = act(client, listing, "save", next="/en/partners/?q=x")

    assert response.url == "/en/partners/?q=x"
    assert SavedListing.objects.get().user == buyer
    assert "Saved " in text_of(client.get("/en/partners/"))


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", ""])
def test_saving_leads_to_no_other_site(client, buyer, address):
    listing = make_listing()

    assert act(client, listing, "save", next=address).url == listing.get_absolute_url()


def test_forgetting_takes_the_note_along(client, buyer):
    listing = make_listing()
    services.note(services.remember(listing, by=buyer), "Call in May", by=buyer)

    act(client, listing, "forget")
    act(client, listing, "forget")

    assert not SavedListing.objects.exists()


@pytest.mark.parametrize("name", ["save", "forget", "note"])
def test_what_is_invisible_can_be_neither_saved_nor_noted(client, buyer, name):
    own_side, suspended = make_listing(overseas=True), make_listing()
    services.remember(suspended, by=buyer)
    Operator.objects.filter(pk=suspended.operator_id).update(status=Operator.Status.SUSPENDED)

    for listing in (own_side, suspended):
        assert act(client, listing, name, note="x").status_code == 404
    assert SavedListing.objects.get().note == ""


def test_saving_is_no_link(client, buyer):
    listing = make_listing()

    assert client.get(f"/en/partners/{listing.ref}/save/").status_code == 405
    assert not SavedListing.objects.exists()


def test_a_note_is_kept_for_its_writer_alone(client, buyer):
    listing, colleague = make_listing(), make_member(buyer.acting_for)
    act(client, listing, "save")

    act(client, listing, "note", note="Call in May\r\n<b>soon</b>")

    assert "Call in May" in text_of(client.get(SAVED))
    assert "<b>soon" not in client.get(SAVED).content.decode()
    client.force_login(colleague)
    assert "Call in May" not in text_of(client.get(SAVED))
    assert act(client, listing, "note", note="x").status_code == 404


def test_a_note_that_is_too_long_stays_on_the_page(client, buyer):
    listing = make_listing()
    act(client, listing, "save")

    response = act(client, listing, "note", note="x" * 501)

    assert "500 characters" in text_of(response)
    assert "x" * 501 in response.content.decode()
    assert SavedListing.objects.get().note == ""


def test_only_what_is_still_visible_is_listed(client, buyer):
    listing = make_listing("Mihon Ryokan")
    act(client, listing, "save")
    assert "Mihon Ryokan" in text_of(client.get(SAVED))

    services.unpublish(listing.operator.listing_draft, by=make_member(listing.operator))
    assert "Mihon Ryokan" not in text_of(client.get(SAVED))
    assert "You have saved nobody yet" in text_of(client.get(SAVED))

    services.publish(listing.operator.listing_draft, by=make_member(listing.operator))
    assert "Mihon Ryokan" in text_of(client.get(SAVED))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_saved_list_asks_as_many_questions_whatever_it_shows(client, buyer, rows):
    for _ in range(rows):
        services.remember(make_listing(), by=buyer)

    # Person, operator; what is saved, and its listings.
    assert questions_of(client, SAVED) == 4
