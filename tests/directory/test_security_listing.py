"""What a listing's pages must not give away, and what they must not be led to."""

import pytest
from django.urls import reverse

from tests.directory.listings import make_buyer, make_listing
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db

EVERYTHING = ["contact_name", "contact_telephone", "contact_email", "telephone", "address"]
PAGES = ["listing-detail", "listing-print", "listing-vcard"]


@pytest.fixture
def listing():
    return make_listing(
        operator=OperatorFactory(
            contact_name="Hidden Person", contact_email="person@hidden.example", shown_contact=EVERYTHING
        )
    )


@pytest.mark.req("R049")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["contractor operations", "newsletter editor", "registration reviewer"])
def test_what_owners_show_to_the_other_side_is_not_for_staff(client, make_staff, settings, listing, page, role):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff(role))
    answer = client.get(reverse(f"directory:{page}", args=[listing.ref]))
    assert answer.status_code == 200
    assert not {secret for secret in ("Hidden", "hidden.example", "+813") if secret in answer.content.decode()}

    client.force_login(make_buyer())
    answer = client.get(reverse(f"directory:{page}", args=[listing.ref]))
    assert "Hidden Person" in answer.content.decode()


def test_an_address_adds_nothing_to_the_mail_that_its_link_begins(client):
    shown = {"contact_email": "a?bcc=b&c@hidden.example", "shown_contact": EVERYTHING}
    listing = make_listing(operator=OperatorFactory(**shown))
    client.force_login(make_buyer())
    page = client.get(reverse("directory:listing-detail", args=[listing.ref])).content.decode()
    assert 'href="mailto:a%3Fbcc%3Db%26c@hidden.example"' in page


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https:evil", "javascript:alert(1)", "foo", "account_logout", "\n"]
)
def test_saving_leads_back_to_a_page_of_ours(client, listing, address):
    client.force_login(make_buyer())
    for act in ("save", "forget"):
        answer = client.post(reverse(f"directory:listing-{act}", args=[listing.ref]), {"next": address})
        assert (answer.status_code, answer["Location"]) == (302, listing.get_absolute_url())
