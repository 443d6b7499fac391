import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from accounts.models import Operator
from directory.models import SearchDocument
from directory.search import search
from directory.services import refresh_facts
from tests.directory.listings import make_buyer, make_listing, make_seller
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db


def names(results):
    return [listing.name for listing in results.page]


@pytest.mark.req("R124")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("旅館", ["墨田旅館"]),
        ("旅", ["墨田旅館"]),
        ("墨田", ["墨田旅館"]),
        ("りょかん", []),
        ("東京都", []),
        ("Garden", ["Kanda Garden"]),
        ("gardens", ["Kanda Garden"]),
        ("ＧＡＲＤＥＮ", ["Kanda Garden"]),
        ("kanda garden", ["Kanda Garden"]),
        ("garden 旅館", []),
        ("着物", ["Kanda Garden"]),
        ("kimono", ["Kanda Garden"]),
        ("Ryokan", ["墨田旅館"]),
        ("台東", ["Kanda Garden", "墨田旅館"]),
        ("Taito", ["Kanda Garden", "墨田旅館"]),
    ],
)
def test_words_are_found_in_both_languages(query, found):
    make_listing("墨田旅館", headline_en="", headline_ja="川沿い", description_en="", description_ja="四十二室")
    make_listing(
        "Kanda Garden",
        categories=["EXP-01"],
        headline_en="Kimono for a day",
        headline_ja="着物体験",
        description_en="",
        description_ja="",
    )

    assert sorted(names(search(make_buyer(), query))) == found


def test_a_name_comes_before_a_text_and_a_whole_name_first():
    make_listing("Hill House", description_en="Near the Garden Inn.")
    make_listing("The Garden Inn Annex")
    make_listing("Garden Inn")

    assert names(search(make_buyer(), "garden inn")) == ["Garden Inn", "The Garden Inn Annex", "Hill House"]


def test_equally_relevant_listings_are_ordered_by_what_they_tell():
    make_listing("Sakura Two", description_en="", description_ja="")
    make_listing("Sakura One")

    assert names(search(make_buyer(), "sakura")) == ["Sakura One", "Sakura Two"]


@pytest.mark.parametrize(
    ("query", "filters", "found"),
    [
        ("", {"category": ["ACC"]}, ["Hotel"]),
        ("", {"category": ["ACC-01"]}, ["Hotel"]),
        ("", {"category": ["ACC", "FNB"]}, ["Hotel", "Soba"]),
        ("", {"category": ["ACC"], "language": ["ko"]}, []),
        ("", {"language": ["ko", "en"]}, ["Hotel", "Soba"]),
        ("", {"area": ["wards"]}, ["Hotel", "Soba"]),
        ("", {"area": ["131075"]}, ["Soba"]),
        ("", {"attribute": ["vegan"]}, ["Soba"]),
        ("", {"employees": ["10-19"]}, ["Hotel", "Soba"]),
        ("", {"category": ["ZZZ"]}, []),
        ("", {"nonsense": ["ACC"]}, ["Hotel", "Soba"]),
        ("soba", {"category": ["ACC"]}, []),
    ],
)
def test_filters(query, filters, found):
    make_listing("Hotel", categories=["ACC-01"], areas=["131016"], languages=["en"])
    make_listing("Soba", categories=["FNB-03"], areas=["131075"], languages=["ko"], attributes=["vegan"])

    assert sorted(names(search(make_buyer(), query, filters))) == found


def test_an_operator_who_serves_the_whole_of_tokyo_is_found_in_every_municipality():
    make_listing("Coach", areas=["130001"])

    assert names(search(make_buyer(), "", {"area": ["133078"]})) == ["Coach"]


@pytest.mark.parametrize(
    "filters", [{"country": ["FR"]}, {"buyer": ["wholesaler"]}, {"category": ["ACC"]}, {"attribute": ["luxury"]}]
)
def test_filters_of_the_overseas_side(filters):
    make_listing("Voyages", overseas=True, segments=["luxury"])
    other = make_listing("Other", overseas=True, buyer_kinds=["media"], wanted_categories=["FNB-01"])
    Operator.objects.filter(pk=other.operator_id).update(country="DE")
    other.operator.refresh_from_db()
    refresh_facts(other.operator)

    assert names(search(make_seller(), "", filters)) == ["Voyages"]


def test_counts_are_exact_and_a_facet_does_not_narrow_itself():
    make_listing(categories=["ACC-01"], languages=["en"])
    make_listing(categories=["ACC-02"], languages=["en", "ko"])
    make_listing(categories=["FNB-01"], languages=["ko"])

    results = search(make_buyer(), "", {"category": ["ACC"]})

    assert results.total == 2
    assert results.counts["category", "ACC"] == 2
    assert results.counts["category", "FNB"] == 1
    assert results.counts["language", "en"] == 2
    assert results.counts["language", "ko"] == 1


@pytest.mark.req("R043")
def test_totals_and_counts_betray_nothing_of_what_is_invisible():
    make_listing("Seen", categories=["ACC-01"])
    hidden = make_listing("Hidden", categories=["FNB-01"], languages=["th"])
    Operator.objects.filter(pk=hidden.operator_id).update(status=Operator.Status.SUSPENDED)
    make_listing("Abroad", overseas=True, languages=["vi"])

    results = search(make_buyer())

    assert results.total == 1
    assert not {code for facet, code in results.counts if facet in ("category", "language")} & {"FNB", "th", "vi"}
    for nobody in (AnonymousUser(), make_seller(approved_at=None)):
        assert (search(nobody).total, search(nobody).counts) == (0, {})


@pytest.mark.parametrize("sort", ["updated", "", "unknown"])
def test_the_newest_come_first(sort):
    for name in ("Old", "New"):
        make_listing(name)

    assert names(search(make_buyer(), sort=sort)) == ["New", "Old"]


def test_sorting_by_name_is_by_the_name_of_the_readers_language():
    make_listing(operator=OperatorFactory(business_name="あさひ", business_name_romanised="Zenith"))
    make_listing(operator=OperatorFactory(business_name="わたり", business_name_romanised="aoba"))

    assert [listing.name_en for listing in search(make_buyer(), sort="name").page] == ["aoba", "Zenith"]
    with translation.override("ja"):
        assert [listing.name_ja for listing in search(make_buyer(), sort="name").page] == ["あさひ", "わたり"]


@pytest.mark.parametrize(
    ("wanted", "number"), [(1, 1), (2, 2), (3, 2), (10**9, 2), ("x", 1), (0, 2), (-1, 2), ("", 1), ("２", 2)]
)
def test_a_page_beyond_the_end_is_the_last(wanted, number):
    for _ in range(13):
        make_listing()

    results = search(make_buyer(), page=wanted)

    assert results.page.number == number
    assert len(results.page) == (12 if number == 1 else 1)
    assert results.total == 13


@pytest.mark.parametrize(
    "query",
    [
        "%_\\",
        "' OR 1=1 --",
        "a & b | !c <-> (d:*",
        ":*",
        "旅" * 10_000,
        "word " * 2_000,
        "n·garden fc·acc",
        "\U00020bb7野家",
        "か\u3099",
        "'''''\\\\",
        "😀",
    ],
)
def test_no_query_is_an_error(query):
    make_listing("Garden")

    assert search(make_buyer(), query).total == 0


def test_a_query_of_nothing_but_blanks_is_no_query():
    make_listing("Garden")

    assert names(search(make_buyer(), " \u3000\x00 ")) == ["Garden"]


def test_publishing_writes_the_document_in_the_same_transaction():
    listing = make_listing("Garden")

    document = SearchDocument.objects.get(listing=listing)

    assert "category:ACC" in document.facets
    assert "n·garden" in document.doc
    assert document.quality > 0
