import re

import pytest

from directory.models import Listing, ListingDraft
from tests.directory.listings import make_draft, make_listing
from tests.directory.test_listing_pages import text_of
from tests.factories import OperatorFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def url(draft, name="", language="en"):
    return f"/{language}/partners/mine/{draft.ref}/{f'{name}/' if name else ''}"


@pytest.fixture
def draft(client):
    """A draft whose owner is logged in."""
    draft = make_draft(headline_en="Rooms by the river", headline_ja="川沿いの宿")
    client.force_login(make_member(draft.operator))
    return draft


def filled(client, address, **answers):
    """What the browser sends for the form at `address` as it stands, with other `answers`."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | answers).items() if value not in (None, "")}


def test_the_own_draft_is_made_when_first_looked_for(client):
    operator = OperatorFactory()
    client.force_login(make_member(operator))

    for _ in range(2):
        response = client.get("/en/partners/mine/")

    draft = ListingDraft.objects.get()
    assert draft.operator == operator
    assert response.url == url(draft)


@pytest.mark.parametrize("person", [UserFactory, lambda: make_member(role="reader")])
def test_who_edits_nothing_has_no_draft(client, person):
    client.force_login(person())

    assert client.get("/en/partners/mine/").status_code == 404
    assert not ListingDraft.objects.exists()


@pytest.mark.req("R043", "R151")
@pytest.mark.parametrize(
    "name",
    [
        "",
        "texts",
        "categories",
        "areas",
        "offer",
        "terms",
        "contact",
        "photos",
        "preview",
        "unpublish",
        "publish",
        "languages",
    ],
)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_the_draft_of_others_does_not_exist(client, draft, name, method):
    others = make_draft()

    # 405 tells of the address, not of the draft.
    assert getattr(client, method)(url(others, name)).status_code in (404, 405)
    others.refresh_from_db()
    assert others.version == 0
    assert not Listing.objects.exists()


@pytest.mark.parametrize("section", ["texts", "categories", "areas", "offer", "terms"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_section_saves_and_leads_back(client, draft, section, language):
    address = url(draft, section, language)

    response = client.post(address, filled(client, address), follow=True)

    assert response.redirect_chain == [(url(draft, "", language), 302)]


@pytest.mark.parametrize("section", ["texts", "offer", "wanted", "areas"])
def test_the_sections_of_a_buyer(client, section):
    draft = make_draft(overseas=True)
    client.force_login(make_member(draft.operator))
    address = url(draft, section)

    assert client.post(address, filled(client, address)).status_code == 302
    assert client.get(url(draft, "terms")).status_code == 404


def test_an_empty_draft_can_be_saved(client, draft):
    address = url(draft, "texts")
    seen = client.get(address).context["form"].initial["seen"]

    assert client.post(address, {"seen": seen}).status_code == 302
    draft.refresh_from_db()
    assert draft.headline_en == ""


@pytest.mark.parametrize(
    ("section", "answers", "field", "says"),
    [
        ("texts", {"headline_en": "x" * 61}, "headline_en", "60 characters"),
        ("texts", {"headline_ja": "字" * 31}, "headline_ja", "30 characters"),
        ("texts", {"headline_ja": "𠮷" * 31}, "headline_ja", "30 characters"),
        ("texts", {"description_en": "x" * 1201}, "description_en", "1200 characters"),
        ("texts", {"description_ja": "字" * 601}, "description_ja", "600 characters"),
        ("offer", {"capacity_min": "9", "capacity_max": "3"}, "capacity_max", "smaller than the smallest"),
        ("offer", {"capacity_min": "many"}, "capacity_min", "whole number"),
        ("offer", {"capacity_min": "-0"}, "capacity_min", "whole number"),
        ("offer", {"capacity_min": "1e309"}, "capacity_min", "whole number"),
        ("offer", {"founded_in": "20260"}, "founded_in", "between"),
        ("offer", {"corporate_number": "123"}, "corporate_number", "13 digits"),
        ("offer", {"corporate_number": "7010001067252"}, "corporate_number", "looks wrong"),
        ("categories", {"main_category": "ZZZ"}, "main_category", "valid choice"),
        ("offer", {"languages": ["en", "xx"]}, "languages", "valid choice"),
        (
            "categories",
            {"other_categories": ["ACC-01", "ACC-03", "ACC-04", "ACC-05", "ACC-06"]},
            "other_categories",
            "four other",
        ),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_on_the_page(client, draft, section, answers, field, says):
    address = url(draft, section)

    response = client.post(address, filled(client, address, **answers))

    form = response.context["form"]
    assert response.status_code == 200
    assert says in str(form.errors[field])
    assert form[field].value() == answers[field]
    assert "Check what you entered" in text_of(response)
    draft.refresh_from_db()
    assert draft.version == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("か\u3099き", "がき"),
        ("𠮷野家 ①㈱ ﾄｳｷｮｳ", "𠮷野家 ①㈱ ﾄｳｷｮｳ"),
        ("a\x00b", "ab"),
        ("  two   blanks ", "two   blanks"),
        ("line\r\nbreak", "line break"),
        ("x" * 60, "x" * 60),
        ("😀" * 60, "😀" * 60),
    ],
)
def test_what_is_typed_is_kept_as_text(client, draft, typed, kept):
    address = url(draft, "texts")

    client.post(address, filled(client, address, headline_en=typed))

    draft.refresh_from_db()
    assert draft.headline_en == kept


def test_full_width_numbers_are_numbers(client, draft):
    address = url(draft, "offer")

    client.post(address, filled(client, address, capacity_max="４０", corporate_number="７０００-0120-50002"))

    draft.refresh_from_db()
    assert (draft.capacity_max, draft.corporate_number) == (40, "7000012050002")


def test_the_main_category_comes_first_and_once(client, draft):
    address = url(draft, "categories")

    client.post(address, filled(client, address, main_category="EXP-01", other_categories=["ACC-02", "EXP-01"]))

    draft.refresh_from_db()
    assert draft.categories == ["EXP-01", "ACC-02"]


def test_fields_that_no_form_has_are_ignored(client, draft):
    address = url(draft, "texts")
    injected = {"side": "overseas", "operator": 1, "ref": "x", "version": 99, "categories": ["EXP-01"], "is_staff": "1"}

    client.post(address, filled(client, address, headline_en="New", **injected))

    draft.refresh_from_db()
    assert (draft.headline_en, draft.version, draft.categories) == ("New", 1, ["ACC-02"])


def test_a_stale_save_shows_both_texts_and_loses_none(client, draft):
    address = url(draft, "texts")
    mine = filled(client, address, headline_en="Mine")
    client.post(address, filled(client, address, headline_en="A colleague's", headline_ja="同僚"))

    response = client.post(address, mine)

    assert "A colleague has saved something else meanwhile" in text_of(response)
    assert [text for _label, text in response.context["conflict"]] == ["A colleague's", "同僚"]
    assert response.context["form"]["headline_en"].value() == "Mine"
    draft.refresh_from_db()
    assert draft.headline_en == "A colleague's"

    again = {name: response.context["form"][name].value() for name in response.context["form"].fields}
    assert client.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert draft.headline_en == "Mine"


def test_a_choice_of_contact_data_undoes_no_other_unknowingly(client, draft):
    address = url(draft, "contact")
    mine = filled(client, address, shown_contact=["telephone"])
    client.post(address, filled(client, address, shown_contact=["contact_name", "address"]))

    response = client.post(address, mine)

    assert "A colleague has saved something else meanwhile" in text_of(response)
    assert [text for _label, text in response.context["conflict"]] == [
        "Name of the person in charge, Full address of the business"
    ]
    assert response.context["form"]["shown_contact"].value() == ["telephone"]
    draft.operator.refresh_from_db()
    assert draft.operator.shown_contact == ["contact_name", "address"]

    again = {name: response.context["form"][name].value() for name in response.context["form"].fields}
    assert client.post(address, again).status_code == 302
    draft.operator.refresh_from_db()
    assert draft.operator.shown_contact == ["telephone"]


@pytest.mark.parametrize("section", ["texts", "contact"])
def test_a_form_carries_what_it_was_shown(client, draft, section):
    assert re.search(r'name="seen" value="[0-9a-f]{16}"', client.get(url(draft, section)).content.decode())


def test_a_double_click_saves_once(client, draft):
    address = url(draft, "texts")
    typed = filled(client, address, headline_en="New")

    first, second = client.post(address, typed), client.post(address, typed)

    assert (first.status_code, second.status_code) == (302, 302)
    draft.refresh_from_db()
    assert draft.version == 1


@pytest.mark.parametrize(("language", "other"), [("en", "ja"), ("ja", "en")])
def test_switching_the_language_saves_what_was_typed(client, draft, language, other):
    address = url(draft, "texts", language)

    response = client.post(address, filled(client, address, headline_en="Unsaved", switch_language=other))

    assert response.url == url(draft, "texts", other)
    draft.refresh_from_db()
    assert draft.headline_en == "Unsaved"


def test_switching_the_language_keeps_what_cannot_be_saved(client, draft):
    address = url(draft, "texts")

    response = client.post(address, filled(client, address, headline_en="x" * 61, switch_language="ja"))

    html = response.content.decode()
    assert '<html lang="ja">' in html
    assert "x" * 61 in html
    assert f'action="{url(draft, "texts", "ja")}"' in html


# ---- publishing ----


def test_the_page_of_the_draft_says_what_is_to_do(client, draft):
    page = text_of(client.get(url(draft)))

    for part in ("Not published", "Still to do", "Add a photo", "Preview", "Publish"):
        assert part in page


@pytest.mark.req("R043", "R046")
def test_publishing_shows_it_and_later_changes_wait(client, draft):
    client.post(url(draft, "publish"))
    assert Listing.objects.get().headline_en == "Rooms by the river"
    assert "Published, and changed since" not in text_of(client.get(url(draft)))

    address = url(draft, "texts")
    client.post(address, filled(client, address, headline_en="New"))

    assert "Published, and changed since" in text_of(client.get(url(draft)))
    assert Listing.objects.get().headline_en == "Rooms by the river"
    client.post(url(draft, "publish"))
    assert Listing.objects.get().headline_en == "New"


def test_a_double_click_publishes_once(client, draft):
    for _ in range(2):
        assert client.post(url(draft, "publish")).status_code == 302

    assert Listing.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "content", "says"),
    [
        ({"approved_at": None}, {}, "once the city's staff have approved your business"),
        ({}, {"headline_en": "", "headline_ja": ""}, "Write a headline"),
    ],
)
def test_what_cannot_be_published_says_why(client, values, content, says):
    draft = make_draft(operator=OperatorFactory(**values), **content)
    client.force_login(make_member(draft.operator))

    page = text_of(client.post(url(draft, "publish"), follow=True)).replace("&#x27;", "'")

    assert says in page
    assert not Listing.objects.exists()


@pytest.mark.req("R043")
def test_unpublishing_asks_first(client, draft):
    client.post(url(draft, "publish"))

    assert "Take your listing away" in text_of(client.get(url(draft, "unpublish")))
    assert Listing.objects.exists()

    client.post(url(draft, "unpublish"))
    assert not Listing.objects.exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_preview_is_what_the_other_side_will_see(client, draft, language):
    client.post(url(draft, "contact"), filled(client, url(draft, "contact"), shown_contact=["telephone"]))

    page = text_of(client.get(url(draft, "preview", language)))

    assert {"en": "Rooms by the river", "ja": "川沿いの宿"}[language] in page
    assert "+81 3-3555-0100" in page
    assert not Listing.objects.exists()


def test_the_state_of_the_second_language_stands_beside_each_text(client):
    draft = make_draft(headline_ja="", description_en="Old", outdated={"description": "ja"})
    client.force_login(make_member(draft.operator))

    page = text_of(client.get(url(draft)))

    assert "Headline Written Missing" in page
    assert "Description Written Older than the other" in page


def test_somebody_who_reads_both_languages_may_say_that_they_agree(client, draft):
    address = url(draft, "texts")
    client.post(address, filled(client, address, headline_en="Rooms by the river."))
    assert "Older than the other" in text_of(client.get(url(draft)))

    client.post(url(draft, "languages"))

    assert "Older than the other" not in text_of(client.get(url(draft)))
    draft.refresh_from_db()
    assert (draft.outdated, draft.headline_ja) == ({}, "川沿いの宿")


# ---- contact ----


@pytest.mark.req("R043", "R046")
def test_an_owner_chooses_what_is_shown_at_once(client, draft):
    listing = make_listing()
    owner = make_member(listing.operator)
    client.force_login(owner)
    address = url(listing.operator.listing_draft, "contact")

    client.post(address, filled(client, address, shown_contact=["contact_email", "telephone"]))

    listing.operator.refresh_from_db()
    assert listing.operator.shown_contact == ["contact_email", "telephone"]


@pytest.mark.req("R151")
def test_an_editor_reads_the_choice_and_cannot_change_it(client, draft):
    client.force_login(make_member(draft.operator, role="editor"))

    assert "Only an owner can change this" in text_of(client.get(url(draft, "contact")))
    assert client.post(url(draft, "contact"), {"shown_contact": ["contact_email"]}).status_code == 404
    draft.operator.refresh_from_db()
    assert draft.operator.shown_contact == []


def test_only_what_the_portal_offers_can_be_shown(client, draft):
    response = client.post(url(draft, "contact"), {"shown_contact": ["contact_email", "representative_name"]})

    assert response.status_code == 200
    draft.operator.refresh_from_db()
    assert draft.operator.shown_contact == []
