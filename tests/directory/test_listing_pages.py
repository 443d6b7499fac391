import re

import pytest
from django.urls import reverse

from accounts.models import Operator, Role
from directory import services
from tests.directory.listings import make_buyer, make_draft, make_listing, make_seller, questions_of
from tests.factories import OperatorFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db

LIST = {"en": "/en/partners/", "ja": "/ja/partners/"}


def text_of(response):
    """What a page says, without tags and repeated blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def get(client, person, url, **kwargs):
    client.force_login(person)
    return client.get(url, **kwargs)


# ---- the list ----


@pytest.mark.req("R043")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_list_names_what_the_other_side_published(client, language):
    make_listing(operator=OperatorFactory(business_name="墨田旅館", business_name_romanised="Sumida Ryokan"))
    make_listing("Paris Voyages", overseas=True)

    page = text_of(get(client, make_buyer(), LIST[language]))

    assert {"en": "Sumida Ryokan", "ja": "墨田旅館"}[language] in page
    assert "Paris Voyages" not in page
    assert {"en": "1 partner", "ja": "1"}[language] in page


@pytest.mark.parametrize(
    ("person", "says"),
    [
        (UserFactory, "once the city's staff have approved your business"),
        (lambda: make_buyer(approved_at=None), "once the city's staff have approved your business"),
        (make_buyer, "Nobody on the other side has published a listing yet"),
    ],
)
def test_an_empty_list_says_why(client, person, says):
    assert says in text_of(get(client, person(), LIST["en"])).replace("&#x27;", "'")


@pytest.mark.req("R049")
@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("administrator", {"Tokyo Inn", "Paris Voyages"}),
        ("newsletter editor", {"Tokyo Inn", "Paris Voyages"}),
        ("auditor", set()),
    ],
)
def test_staff_read_what_their_role_lets_them(client, make_staff, settings, role, sees):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    make_listing("Tokyo Inn")
    make_listing("Paris Voyages", overseas=True)

    page = text_of(get(client, make_staff(role), LIST["en"]))

    assert {name for name in ("Tokyo Inn", "Paris Voyages") if name in page} == sees


def test_no_match_names_the_filters_and_how_to_lose_them(client):
    make_listing(categories=["ACC-01"])

    response = get(client, make_buyer(), f"{LIST['en']}?q=nowhere&category=ACC&page=2")

    page = text_of(response)
    assert "No partner matches all of this" in page
    assert "Search without Accommodation" in page
    assert 'href="?q=nowhere"' in response.content.decode()
    assert 'href="?category=ACC"' in response.content.decode()


def test_filters_are_offered_with_counts_and_a_lower_level_once_chosen(client):
    make_listing(categories=["ACC-02"])
    buyer = make_buyer()

    closed = text_of(get(client, buyer, LIST["en"]))
    opened = text_of(get(client, buyer, f"{LIST['en']}?category=ACC"))

    assert "Accommodation 1" in closed
    assert "– Ryokan" not in closed
    assert "– Ryokan 1" in opened
    assert "Filters (1 in use)" in opened
    assert "Museum" not in opened


def test_another_search_keeps_the_filters(client):
    make_listing()

    html = get(client, make_buyer(), f"{LIST['en']}?category=ACC&language=en&language=ko&page=3").content.decode()

    search_form = html[html.index('role="search"') : html.index('class="filter"')]
    assert re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', search_form) == [
        ("category", "ACC"),
        ("language", "en"),
        ("language", "ko"),
    ]


def test_pages_keep_the_question(client):
    for _ in range(13):
        make_listing(headline_en="Kimono")

    first = get(client, make_buyer(), f"{LIST['en']}?q=kimono&language=en")
    second = get(client, make_buyer(), f"{LIST['en']}?q=kimono&language=en&page=999")

    assert "?q=kimono&amp;language=en&amp;page=2" in first.content.decode()
    assert len(second.context["listings"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "q=%25_%5C",
        "q=" + "x" * 5000,
        "q=%00",
        "q=%ED%A0%80",
        "page=999999999999",
        "page=abc",
        "sort=unknown",
        "category=ACC&category=%27%3B--&country=XX&employees=%00",
        "&".join(f"language={n}" for n in range(500)),
        "q=a%26b%7C%21c",
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_in_the_address_breaks_the_list(client, query, language):
    make_listing()

    assert get(client, make_buyer(), f"{LIST[language]}?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_many_questions_whatever_it_shows(client, rows):
    for _ in range(rows):
        make_listing()
    client.force_login(make_buyer())

    # Person, operator; whether a policy waits for an answer, twice; total, facets, page; saved.
    assert questions_of(client, LIST["en"]) == 8
    # One more: what the other languages would give.
    assert questions_of(client, f"{LIST['en']}?q=rooms&language=en") == 9


# ---- a listing ----


@pytest.mark.req("R043")
@pytest.mark.parametrize("name", ["listing-detail", "listing-print", "listing-vcard"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_invisible_listing_looks_like_none(client, name, method):
    suspended, own_side, seen = make_listing(), make_listing(overseas=True), make_listing()
    Operator.objects.filter(pk=suspended.operator_id).update(status=Operator.Status.SUSPENDED)
    client.force_login(make_buyer())

    def answer(ref):
        response = getattr(client, method)(reverse(f"directory:{name}", args=[ref]))
        headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
        body = response.content.replace(str(ref).encode(), b"")
        return response.status_code, re.sub(rb'value="[A-Za-z0-9]{64}"', b"", body), headers

    nothing = answer("00000000-0000-4000-8000-000000000000")
    assert nothing[0] == 404
    assert answer(suspended.ref) == answer(own_side.ref) == nothing
    assert answer(seen.ref)[0] == 200


@pytest.mark.req("R043")
def test_a_listing_goes_with_its_publication_and_the_approval(client):
    listing, buyer = make_listing(), make_buyer()
    url = listing.get_absolute_url()
    assert get(client, buyer, url).status_code == 200

    services.unpublish(listing.operator.listing_draft, by=make_member(listing.operator))

    assert get(client, buyer, url).status_code == 404


@pytest.mark.req("R151")
def test_private_pages_are_stored_nowhere(client):
    listing = make_listing()

    response = get(client, make_buyer(), listing.get_absolute_url())

    assert response["Cache-Control"] == "private, no-store"
    assert not response.has_header("ETag")
    assert not response.has_header("Last-Modified")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_tells_everything_in_the_readers_language(client, language):
    listing = make_listing(
        operator=OperatorFactory(business_name="墨田旅館", business_name_romanised="Sumida Ryokan"),
        attributes=["vegan", "step-free"],
        capacity_min=2,
        capacity_max=40,
        founded_in=1964,
        corporate_number="7000012050002",
    )

    page = text_of(get(client, make_buyer(), f"/{language}/partners/{listing.ref}/"))

    told = {
        "en": [
            "Sumida Ryokan",
            "Ryokan · Taito City",
            "Vegan or vegetarian",
            "2 to 40 people",
            "1964",
            "7-0000-1205-0002",
        ],
        "ja": ["墨田旅館", "旅館 · 台東区", "ヴィーガン・ベジタリアン", "1964", "7-0000-1205-0002"],
    }
    for part in told[language]:
        assert part in page


@pytest.mark.parametrize(
    ("language", "written", "sentence", "note"),
    [
        (
            "en",
            "ja",
            "Sumida Ryokan: Ryokan in Taito City. Languages spoken: English, Japanese.",
            "日本語のみ / Japanese only",
        ),
        ("ja", "en", "墨田旅館", "English only / 英語のみ"),
    ],
)
def test_without_prose_of_their_language_readers_are_told_the_facts(client, language, written, sentence, note):
    empty = {f"{name}_{language}": "" for name in ("headline", "description")}
    listing = make_listing(
        operator=OperatorFactory(business_name="墨田旅館", business_name_romanised="Sumida Ryokan"), **empty
    )

    response = get(client, make_buyer(), f"/{language}/partners/{listing.ref}/")

    assert sentence in text_of(response)
    assert note in text_of(response)
    assert f'<p class="lead" lang="{written}">' in response.content.decode()
    assert sentence in text_of(get(client, make_buyer(), LIST[language]))


@pytest.mark.req("R043")
def test_the_contact_panel_shows_what_the_owner_chose(client):
    operator = OperatorFactory(
        contact_name="見本 花子",
        contact_email="hanako@business.example",
        telephone="+81335550100",
        shown_contact=["contact_name", "contact_email", "telephone"],
    )
    listing = make_listing(operator=operator)

    html = get(client, make_buyer(), listing.get_absolute_url()).content.decode()

    assert "見本 花子" in html
    assert '<a href="mailto:hanako@business.example">' in html
    assert '<a href="tel:+81335550100">+81 3-3555-0100</a>' in html
    assert "+81335550101" not in html
    assert "9-9-9" not in html


@pytest.mark.req("R043")
def test_who_shows_nothing_is_reached_through_the_portal(client):
    listing = make_listing()

    page = text_of(get(client, make_buyer(), listing.get_absolute_url()))

    assert "shows no contact data. Write through the portal." in page
    assert listing.operator.people.contact_email not in page


def test_a_reader_who_may_not_write_is_told_who_may(client):
    listing = make_listing()

    page = text_of(get(client, make_buyer(role=Role.READER), listing.get_absolute_url()))

    assert "Write through the portal" not in page
    assert "An owner or editor of your business can write to it through the portal." in page


@pytest.mark.req("R114")
def test_a_homepage_is_marked_as_another_site(client):
    listing = make_listing(operator=OperatorFactory(homepage="https://sumida.example/", has_no_homepage=False))

    html = get(client, make_buyer(), listing.get_absolute_url()).content.decode()

    assert 'href="https://sumida.example/" rel="noopener nofollow external"' in html
    assert "whose own privacy policy applies" in html


def test_the_licence_check_is_dated_and_promises_no_more(client):
    operator = OperatorFactory(licence_checked_on="2026-11-03", licence_checked_source="観光庁登録簿")
    listing = make_listing(operator=operator)

    page = text_of(get(client, make_buyer(), listing.get_absolute_url()))

    assert "Licence checked, Nov 2026" in page
    assert "erified" not in page


@pytest.mark.parametrize("page", ["", "print/"])
def test_a_licence_is_in_the_languages_it_is_written_in(client, page):
    licence = {"kind": "hotel", "authority": "台東区保健所", "number": "第98205号"}
    listing = make_listing(operator=OperatorFactory(licence_state="held", licences=[licence]))

    html = get(client, make_buyer(), listing.get_absolute_url() + page).content.decode()

    assert 'Hotel or ryokan, <span lang="ja">台東区保健所</span>, <span lang="ja">第98205号</span>' in html


def test_what_somebody_wrote_is_text(client):
    listing = make_listing("<b>Bold</b>", headline_en="<script>alert(1)</script>", description_en="a <i>b</i>")

    html = get(client, make_buyer(), listing.get_absolute_url()).content.decode()

    assert "<script>alert" not in html
    assert "<b>Bold" not in html
    assert "&lt;i&gt;b&lt;/i&gt;" in html


def test_the_print_has_both_languages_on_one_page(client):
    listing = make_listing(
        operator=OperatorFactory(
            business_name="墨田旅館", business_name_romanised="Sumida Ryokan", shown_contact=["contact_email"]
        )
    )

    page = text_of(get(client, make_buyer(), reverse("directory:listing-print", args=[listing.ref])))

    for part in (
        "Sumida Ryokan",
        "墨田旅館",
        "Rooms by the river",
        "川沿いの宿",
        "台東区",
        listing.operator.people.contact_email,
    ):
        assert part in page


@pytest.mark.parametrize("name", ["listing-detail", "listing-print"])
@pytest.mark.parametrize("photos", [1, 3])
def test_a_listing_asks_as_many_questions_whatever_it_shows(client, name, photos):
    draft = make_draft(operator=OperatorFactory(shown_contact=["contact_name", "address"]))
    for position in range(photos):
        draft.photos.create(position=position, width=10, height=10, alternative_en="A room")
    listing = services.publish(draft, by=make_member(draft.operator))
    client.force_login(make_buyer())

    # Person, operator; whether a policy waits for an answer, twice; listing; the gate's versions, decision, values and
    # record; saved and whether one may write (not in print).
    expected = {"listing-detail": 11, "listing-print": 9}[name]
    assert questions_of(client, reverse(f"directory:{name}", args=[listing.ref])) == expected


def test_the_seller_reads_what_a_buyer_looks_for(client):
    listing = make_listing(
        "Paris Voyages", overseas=True, months=["04"], group_sizes=["g10"], yearly_visitors="v100", markets=["FR"]
    )

    page = text_of(get(client, make_seller(), listing.get_absolute_url()))

    for part in (
        "Tour operator or wholesaler · France",
        "Looking for",
        "Ryokan",
        "April",
        "10–19 people",
        "Lyon, France",
    ):
        assert part in page


@pytest.mark.req("C14")
def test_no_owner_is_told_which_business_looked(client):
    owner = make_member(business_name_romanised="Mihon Inn", contact_name="見本 花子", shown_contact=["contact_name"])
    owner.acting_for.contact = owner.subject
    owner.acting_for.save()
    listing, buyer = make_listing(operator=owner.acting_for), make_buyer()
    assert "見本 花子" in text_of(get(client, buyer, listing.get_absolute_url()))

    seen = text_of(get(client, owner, "/en/privacy-centre/seen/"))

    assert "Neither staff nor anybody who works for the city has opened your data so far." in seen
    assert not [word for word in (buyer.acting_for.business_name, buyer.email) if word in seen]
