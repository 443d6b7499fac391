import pytest

from accounts.sides import Side
from directory.contact import Contact, contact_of
from directory.shown import Shown
from directory.vcard import vcard
from tests.directory.listings import make_buyer, make_listing
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db

EVERYTHING = ["contact_name", "contact_telephone", "contact_email", "telephone", "address"]


def parsed(text):
    """The properties of a card as (name, value) pairs, unfolded and unescaped: an address book's view of it."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    pairs = [line.split(":", 1) for line in lines if line]
    return [
        (name.split(";")[0], value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\"))
        for name, value in pairs
    ]


def card_of(listing, reader):
    return vcard(
        Shown(listing, "en"), contact_of(listing.operator, side=reader.side, by=reader, surface="business card")
    )


@pytest.mark.req("R043")
def test_a_card_holds_what_the_owner_shows_and_both_names():
    operator = OperatorFactory(
        business_name="墨田旅館",
        business_name_romanised="Sumida; Ryokan, Ltd.",
        homepage="https://sumida.example/",
        shown_contact=EVERYTHING,
    )

    card = parsed(card_of(make_listing(operator=operator), make_buyer()))

    assert card[:2] == [("BEGIN", "VCARD"), ("VERSION", "3.0")]
    assert card[-1] == ("END", "VCARD")
    found = dict(card)
    assert found["FN"] == "見本 花子"
    assert found["ORG"] == "Sumida; Ryokan, Ltd."
    assert found["NOTE"] == "墨田旅館"
    assert found["EMAIL"] == operator.people.contact_email
    assert found["URL"] == "https://sumida.example/"
    assert found["LABEL"] == "〒1110032\n台東区浅草9-9-9"
    assert [value for name, value in card if name == "TEL"] == ["+81335550101", "+81335550100"]


@pytest.mark.req("R043")
def test_a_card_of_a_business_that_shows_nothing_names_the_business():
    card = dict(parsed(card_of(make_listing("Mihon Ryokan"), make_buyer())))

    assert card["FN"] == "Mihon Ryokan"
    assert not {"TEL", "EMAIL", "LABEL"} & set(card)


def test_a_long_japanese_name_is_folded_between_characters():
    name = "株式会社とても長い名前の旅館" * 6

    assert dict(parsed(card_of(make_listing(name), make_buyer())))["ORG"] == name


def test_a_card_is_offered_as_a_file_with_the_name_of_the_business(client):
    listing = make_listing(operator=OperatorFactory(business_name='墨田/旅館"', business_name_romanised=""))
    client.force_login(make_buyer())

    response = client.get(f"/ja/partners/{listing.ref}/contact.vcf")

    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%A2%A8%E7%94%B0")
    assert dict(parsed(response.content.decode()))["FN"] == '墨田/旅館"'


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    ("shown", "name", "email", "telephones", "address"),
    [
        ([], False, False, 0, False),
        (["contact_name"], True, False, 0, False),
        (["contact_email"], False, True, 0, False),
        (["telephone"], False, False, 1, False),
        (["address"], False, False, 0, True),
        (EVERYTHING, True, True, 2, True),
    ],
)
def test_each_thing_is_shown_if_chosen(shown, name, email, telephones, address):
    operator = OperatorFactory(shown_contact=shown)

    contact = contact_of(operator, side=Side.OVERSEAS, by=None, surface="listing")

    assert (bool(contact.name), bool(contact.email), bool(contact.address)) == (name, email, address)
    assert len(contact.telephones) == telephones
    assert bool(contact) == bool(shown)


@pytest.mark.req("R043")
def test_an_operator_without_a_person_in_charge_shows_nothing():
    operator = OperatorFactory(shown_contact=EVERYTHING, contact=None)

    assert contact_of(operator, side=Side.OVERSEAS, by=None, surface="listing") == Contact("", "", (), "")


def test_numbers_are_written_as_the_reader_dials_them():
    tokyo = OperatorFactory(shown_contact=["telephone"])
    paris = OperatorFactory(overseas=True, shown_contact=["telephone"])

    assert contact_of(tokyo, side=Side.OVERSEAS, by=None, surface="listing").telephones[0].written == "+81 3-3555-0100"
    assert contact_of(tokyo, side=Side.DOMESTIC, by=None, surface="listing").telephones[0].written == "03-3555-0100"
    assert (
        contact_of(paris, side=Side.DOMESTIC, by=None, surface="listing").telephones[0].written == "+33 4 78 00 00 00"
    )
