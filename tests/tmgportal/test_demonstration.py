"""The invented operators are complete, well-formed and loaded once."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import completeness, countries, fields, licences
from accounts.models import Decision, Operator, Registration, User, registration_model
from accounts.places import MUNICIPALITIES
from accounts.sides import Side
from directory.models import Listing, ListingDraft
from directory.taxonomy import BUYER_KINDS, CATEGORIES
from inquiries.models import Inquiry
from outbox.models import Message
from privacy.models import Document, LedgerEvent, Oversight, PolicyText, PolicyVersion, Recipient
from privacy.policies import in_force
from tmgportal.demonstration import choices, loading, pictures
from tmgportal.demonstration.operators import APPROVED, State, everybody

EVERYBODY = everybody()
PUBLISHED = [invented for invented in EVERYBODY if invented.state == State.PUBLISHED]


def shown(name):
    return {code for invented in PUBLISHED for code in invented.listing.get(name, ())}


def test_they_are_the_same_every_time():
    assert everybody() == EVERYBODY


def test_there_are_enough_of_both_sides_and_in_every_state():
    sides = Counter(invented.side for invented in EVERYBODY)
    states = Counter(invented.state for invented in EVERYBODY)

    assert sides == {Side.DOMESTIC: 170, Side.OVERSEAS: 130}
    assert states == {
        State.PUBLISHED: 283,
        State.UNPUBLISHED: 6,
        State.WAITING: 3,
        State.OVERDUE: 2,
        State.CHANGES_REQUESTED: 2,
        State.DECLINED: 2,
        State.DRAFT: 1,
        State.SUSPENDED: 1,
    }
    assert sum(invented.registration.get("has_tokyo_office") is False for invented in PUBLISHED) == 3


def test_every_place_category_and_kind_is_touched():
    assert {invented.registration.get("tokyo_municipality") for invented in PUBLISHED} >= set(MUNICIPALITIES)
    assert shown("categories") == {term.code for term in CATEGORIES if term.parent}
    assert shown("buyer_kinds") == {term.code for term in BUYER_KINDS}
    assert len({invented.registration.get("country") for invented in PUBLISHED} & countries.MARKETS) >= 30


def test_some_write_one_language_only_and_a_few_hardly_anything():
    written = Counter(
        (bool(invented.listing["description_en"]), bool(invented.listing["description_ja"])) for invented in EVERYBODY
    )

    assert 90 <= written[True, False] + written[False, True] <= 110
    assert 3 <= written[False, False] <= 8
    assert all(invented.listing["headline_en"] or invented.listing["headline_ja"] for invented in EVERYBODY)


def test_no_two_describe_themselves_alike():
    for language in ("en", "ja"):
        texts = [text for invented in EVERYBODY if (text := invented.listing[f"description_{language}"])]
        assert len(set(texts)) == len(texts)


def test_what_they_register_would_pass_the_forms():
    for invented in EVERYBODY:
        registration = registration_model(invented.side)(**invented.registration)
        registration.clean_fields(exclude=["operator", "created_by", "due_on"])
        numbers = [invented.registration.get(name) for name in ("telephone", "contact_telephone")]

        assert completeness.missing_fields(registration) == []
        assert fields.canonical_email(invented.email) == invented.email
        assert all(fields.phone_number(number) == number for number in numbers if number)
        assert all(licences.check(**held) == held["number"] for held in invented.registration.get("licences", ()))


def test_what_they_list_would_pass_the_forms():
    for invented in EVERYBODY:
        ListingDraft(**invented.listing).clean_fields(exclude=["operator"])
        number = invented.listing.get("corporate_number")

        assert not number or licences.corporate_number(number) == number
        assert len(invented.listing["headline_ja"]) <= 30
        assert len(invented.listing["description_ja"]) <= 600


def test_pictures_are_the_same_every_time_and_say_what_they_show():
    drawn = {kind: pictures.picture(kind, 4) for kind in pictures.MOTIFS if "detail" not in kind}
    again, _alternatives = pictures.picture("TRN", 4)

    assert again.read() == drawn["TRN"][0].read()
    for name in ("alternative_en", "alternative_ja"):
        assert len({alternatives[name] for _file, alternatives in drawn.values()}) == len(drawn)


@pytest.fixture
def few(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    chosen = loading.few_of(EVERYBODY)
    loading.load(chosen, str)
    return chosen


def test_each_is_loaded_as_far_as_it_came_and_may_log_in(few, client):
    for invented in few:
        operator = Operator.objects.get(memberships__user__email=invented.email)
        registration = registration_model(invented.side).objects.get(operator=operator)
        listing = Listing.objects.filter(operator=operator).first()

        assert (operator.approved_at is not None) == (invented.state in APPROVED)
        assert (listing is not None) == (invented.state == State.PUBLISHED)
        assert registration.is_overdue == (invented.state == State.OVERDUE)
        assert registration.is_editable == (invented.state in (State.DRAFT, State.CHANGES_REQUESTED))
        assert Decision.objects.filter(operator=operator).exists() == (registration.status in Decision.Outcome)
        assert registration.created_at < (registration.submitted_at or timezone.now())
        if registration.status != Registration.Status.DRAFT:
            assert registration.changes == [] or operator.approved_at is None
        if listing:
            assert len(listing.photos) == len(invented.pictures)
            assert listing.updated_at > operator.approved_at
    assert {inquiry.state for inquiry in Inquiry.objects.all()} == {"new", "answered", "waiting"}
    assert any(inquiry.is_overdue for inquiry in Inquiry.objects.all())
    assert not Message.objects.exists()

    paris = User.objects.get(email="paris@demo.example")
    assert paris.check_password(loading.PASSWORD)
    assert {listing.side for listing in Listing.objects.visible_to(paris)} == {Side.DOMESTIC}
    assert client.login(email="tokyo@demo.example", password=loading.PASSWORD)


def test_people_have_chosen_and_staff_have_looked_after_policies_and_recipients(few):
    choices.make()

    said = Counter(LedgerEvent.objects.values_list("matter", "state"))
    assert said["consent", "given"] > 3
    assert said["consent", "withdrawn"] == said["opt-out", "made"] == said["objection", "made"] == 1
    assert [recipient.code for recipient in Recipient.objects.valid(timezone.now())] == ["contractor"]
    assert Oversight.objects.count() == 1
    assert list(PolicyVersion.objects.filter(number=2).order_by("document").values_list("document", flat=True)) == [
        "privacy",
        "site-policy",
    ]
    site_policy = in_force(Document.SITE_POLICY)
    assert site_policy.number == 2
    for text in site_policy.texts.all():
        former = PolicyText.objects.get(
            version__document=Document.SITE_POLICY, version__number=1, language=text.language
        )
        assert text.body != former.body
    assert not Message.objects.exists()


def test_nothing_is_loaded_outside_of_a_demonstration(db):
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("load_demonstration")

    assert not User.objects.exists()


def test_loaded_twice_it_is_there_once_and_says_how_to_log_in(db, settings, tmp_path):
    settings.DEMONSTRATION, settings.BASE_DIR, settings.MEDIA_ROOT = True, tmp_path, tmp_path
    call_command("load_demonstration", few=True, stdout=StringIO())
    count, said = Operator.objects.count(), StringIO()

    call_command("load_demonstration", few=True, stdout=said)

    assert Operator.objects.count() == count
    logins = (tmp_path / "var/demonstration-logins.txt").read_text()
    assert logins in said.getvalue()
    assert all(
        f"{name}@demo.example" in logins
        for name in ("administrator", "reviewer", "officer", "tokyo", "paris", "applicant")
    )
    assert loading.PASSWORD in logins
