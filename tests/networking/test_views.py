import uuid

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from directory.services import publish
from networking.models import Introduction
from outbox import Address
from outbox.composing import compose
from outbox.models import Message
from tests.factories import ListingDraftFactory, make_member

pytestmark = pytest.mark.django_db


def listing_of(**operator):
    member = make_member(**operator)
    draft = ListingDraftFactory(operator=member.acting_for, buyer_kinds=["retail"])
    return publish(draft, by=member)


def create_url(listing):
    return reverse("networking:introduction-create", args=[listing.ref])


@pytest.fixture
def listing():
    return listing_of(overseas=True)


def post(client, listing, text="Hello", key=None):
    return client.post(create_url(listing), {"form_key": key or uuid.uuid4(), "text": text})


@pytest.mark.req("R043", "C13")
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"role": Role.OWNER}, 302),
        ({"role": Role.EDITOR}, 302),
        ({"role": Role.READER}, 404),
        ({"overseas": True}, 404),
        ({"approved_at": None}, 404),
        ({"status": "suspended"}, 404),
        ({"tokyo_office_confirmed_at": None}, 404),
    ],
)
def test_who_may_introduce(client, listing, who, status):
    client.force_login(make_member(**who))

    assert post(client, listing).status_code == status
    assert Introduction.objects.exists() is (status == 302)


@pytest.mark.parametrize(("role", "offered"), [(Role.OWNER, True), (Role.EDITOR, True), (Role.READER, False)])
def test_a_listing_offers_an_introduction_to_who_may_write_one(client, listing, role, offered):
    client.force_login(make_member(role=role))

    page = client.get(listing.get_absolute_url()).content.decode()

    assert (create_url(listing) in page) is offered


def test_staff_who_look_are_not_asked_to_introduce_themselves(client, listing, make_staff):
    client.force_login(make_staff("administrator"))

    assert create_url(listing) not in client.get(listing.get_absolute_url()).content.decode()


def test_the_text_stays_when_a_cap_is_reached(client, listing):
    client.force_login(make_member())
    for _time in range(3):
        post(client, listing)

    page = post(client, listing, "My careful words")

    assert page.status_code == 429
    assert "My careful words" in page.content.decode()


def test_whoever_answers_reads_what_was_written(client, listing):
    sender = make_member()
    client.force_login(sender)
    post(client, listing, "A first word")
    own = publish(ListingDraftFactory(operator=sender.acting_for), by=sender)
    client.force_login(listing.operator.memberships.get().user)

    assert "A first word" in client.get(create_url(own)).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\0", "あ" * 1501])
def test_bad_text_is_refused_and_kept(client, listing, text):
    client.force_login(make_member())

    page = post(client, listing, text)

    assert page.status_code == 200
    assert not Introduction.objects.exists()


@pytest.mark.req("R043", "R151")
def test_both_sides_read_it_and_nobody_else(client, listing):
    sender = make_member()
    client.force_login(sender)
    post(client, listing, "Between us")
    url = reverse("networking:introduction-detail", args=[Introduction.objects.get().ref])
    recipient = listing.operator.memberships.get().user

    for person, status in [(sender, 200), (recipient, 200), (make_member(), 404), (make_member(overseas=True), 404)]:
        client.force_login(person)
        page = client.get(url)
        assert page.status_code == status
        assert ("Between us" in page.content.decode()) is (status == 200)


@pytest.mark.req("R043")
def test_no_address_is_disclosed(client, listing):
    sender = make_member()
    client.force_login(sender)
    post(client, listing)
    recipient = listing.operator.memberships.get().user
    client.force_login(recipient)

    for box in ("received", "sent"):
        text = client.get(reverse("networking:introduction-list"), {"box": box}).content.decode()
        assert sender.email not in text
        assert sender.acting_for.people.contact_email not in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_a_fixed_number_of_queries(client, count, django_assert_num_queries):
    sender = make_member()
    recipients = [listing_of(overseas=True) for _number in range(count)]
    client.force_login(sender)
    for listing in recipients:
        post(client, listing)
    url = reverse("networking:introduction-list")
    client.get(url, {"box": "sent"})
    with django_assert_num_queries(11):
        client.get(url, {"box": "sent"})


def test_only_the_recipient_reports(client, listing):
    sender = make_member()
    client.force_login(sender)
    post(client, listing)
    introduction = Introduction.objects.get()
    url = reverse("networking:introduction-report", args=[introduction.ref])

    assert client.post(url, {"reason": "x"}).status_code == 404
    client.force_login(listing.operator.memberships.get().user)
    assert client.post(url, {"reason": "Advertising"}).status_code == 302
    introduction.refresh_from_db()
    assert introduction.report_reason == "Advertising"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_mail_in_the_reader_s_language(client, listing, language):
    listing.operator.contact.language = language
    listing.operator.contact.save()
    sender = make_member()
    client.force_login(sender)
    post(client, listing, "一緒に働きましょう")

    mail = compose(
        Message.objects.get(to_ref=listing.operator.contact.ref), Address("reader@business.example", language)
    )

    with override(language):
        assert sender.acting_for.name(language) in mail.subject
    assert "一緒に働きましょう" in mail.body
    assert f"/{language}/introductions/" in mail.body
    assert sender.email not in mail.body
