import csv
import io
from datetime import UTC, datetime

import pytest

from accounts.models import Operator
from directory import services
from directory.models import SavedListing
from directory.shown import Shown
from directory.spreadsheet import spreadsheet
from tests.directory.listings import make_buyer, make_listing, questions_of
from tests.directory.test_listing_pages import text_of
from tests.factories import OperatorFactory, make_member

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


@pytest.mark.req("R043")
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


@pytest.mark.req("R043")
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


@pytest.mark.req("R043")
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

    # Person, subject, policies, operator; how many are saved, those of the page, and their listings; the notice.
    assert questions_of(client, SAVED) == 8


def save_many(buyer, count):
    """The listings, the first saved first."""
    listings = [make_listing(f"Ryokan {number:02}") for number in range(count)]
    for listing in listings:
        services.remember(listing, by=buyer)
    return listings


def test_a_long_list_has_numbered_pages_without_gaps(client, buyer):
    save_many(buyer, 21)
    hidden = Operator.objects.get(business_name="Ryokan 05")
    services.unpublish(hidden.listing_draft, by=make_member(hidden))

    services.remember(make_listing("Ryokan 21"), by=buyer)
    first, second = text_of(client.get(SAVED)), text_of(client.get(f"{SAVED}?page=2"))

    assert "Ryokan 21" in first
    assert "Ryokan 01" in first
    assert "Ryokan 00" in second
    assert "Ryokan 01" not in second
    assert "Ryokan 05" not in first + second


def test_a_note_is_printed_in_full(client, buyer):
    services.note(services.remember(make_listing(), by=buyer), "Call in May", by=buyer)

    assert '<p class="print-only lines">Call in May</p>' in client.get(SAVED).content.decode()


# ---- the file for Excel ----

CSV = "/en/partners/saved/saved-partners.csv"


def test_the_list_is_a_file_that_excel_opens(client, buyer):
    operator = OperatorFactory(
        business_name="見本旅館", business_name_romanised="Mihon Ryokan", homepage="https://mihon.example/"
    )
    listing = make_listing(operator=operator, categories=["ACC-02"])
    saved = services.remember(listing, by=buyer)
    services.note(saved, "Call in May, \r\nthen visit", by=buyer)
    SavedListing.objects.update(created_at=datetime(2026, 11, 24, 15, 30, tzinfo=UTC))

    response = client.get(CSV)

    assert response["Content-Disposition"] == 'attachment; filename="saved-partners.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfName in English,")
    assert response.content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    shown = Shown(listing, "en")
    expected = ["Mihon Ryokan", "見本旅館", shown.kind, shown.place, "https://mihon.example/"]
    # Half past midnight in Tokyo.
    assert rows[1:] == [[*expected, "Call in May, \r\nthen visit", "2026-11-25"]]
    assert "名称" in client.get(CSV.replace("/en/", "/ja/")).content.decode()


@pytest.mark.req("R043")
def test_the_file_holds_the_whole_list_of_its_reader_and_nothing_invisible(client, buyer):
    save_many(buyer, 21)
    hidden = Operator.objects.get(business_name="Ryokan 05")
    Operator.objects.filter(pk=hidden.pk).update(status=Operator.Status.SUSPENDED)
    services.remember(make_listing("Of a colleague"), by=make_member(buyer.acting_for))

    text = client.get(CSV).content.decode()

    assert text.count("\r\n") == 21
    assert "Ryokan 00" in text
    assert "Ryokan 20" in text
    assert "Ryokan 05" not in text
    assert "colleague" not in text


@pytest.mark.parametrize(
    "first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  =", "\u3000=", "\ufeff="]
)
def test_no_cell_is_a_formula(first):
    file = spreadsheet([[f"{first}1+1", "a=1", ""]]).decode("utf-8-sig")

    assert next(csv.reader(io.StringIO(file, newline=""))) == [f"'{first}1+1", "a=1", ""]


# ---- side by side ----


def compare(client, listings):
    return client.get("/en/partners/saved/compare/", {"listing": [str(listing.ref) for listing in listings]})


def test_up_to_four_stand_side_by_side(client, buyer):
    listings = save_many(buyer, 4)
    services.note(SavedListing.objects.last(), "Call in May", by=buyer)

    page = compare(client, listings).content.decode()

    assert page.count('<th scope="col">') == 4
    assert all(row.count("<td") in (0, 4) for row in page.partition("<tbody>")[2].split("<tr>"))
    assert "Call in May" in page
    assert "Areas served" in page
    assert "Looking for" not in page


def test_of_more_than_four_one_chooses_which_to_leave_out(client, buyer):
    response = compare(client, save_many(buyer, 5))

    page = response.content.decode()
    assert "You have chosen 5 partners. Up to 4 stand side by side: leave some out." in text_of(response)
    assert page.count(" checked>") == 5
    assert "<table" not in page


@pytest.mark.req("R043")
def test_nothing_invisible_is_compared(client, buyer):
    own_side, suspended = make_listing("Own side", overseas=True), make_listing("Suspended")
    Operator.objects.filter(pk=suspended.operator_id).update(status=Operator.Status.SUSPENDED)

    page = text_of(compare(client, [own_side, suspended]))

    assert "Own side" not in page
    assert "Suspended" not in page
    assert "Choose the partners to compare" in page


def test_what_is_no_reference_is_not_compared(client, buyer):
    response = client.get("/en/partners/saved/compare/?listing=x&listing=%00&listing=")

    assert "Choose the partners to compare" in text_of(response)


@pytest.mark.parametrize("rows", [1, 4])
def test_comparing_asks_as_many_questions_whatever_it_shows(client, buyer, rows):
    query = "&".join(f"listing={listing.ref}" for listing in save_many(buyer, rows))

    # Person, subject, policies, operator; listings, notes.
    assert questions_of(client, f"/en/partners/saved/compare/?{query}") == 6
