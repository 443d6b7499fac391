import pytest
from django.utils import translation

from directory import taxonomy
from directory.taxonomy import ATTRIBUTES, CATEGORIES, MARKETS, SEGMENTS

ALL = {name: value for name, value in vars(taxonomy).items() if isinstance(value, taxonomy.Taxonomy)}


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_term_has_one_code_and_two_names(name):
    terms = list(ALL[name])

    assert terms
    assert len({term.code for term in terms}) == len(terms)
    for term in terms:
        assert term.name_en.strip() == term.name_en != ""
        assert term.name_ja.strip() == term.name_ja != ""
        assert term.parent == "" or ALL[name][term.parent].parent == ""
        # Names may meet in two categories, but not under one heading.
        assert [other.name_en for other in ALL[name].children(term.parent)].count(term.name_en) == 1
        assert [other.name_ja for other in ALL[name].children(term.parent)].count(term.name_ja) == 1


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_file_has_no_code_twice(name):
    if name != "SEGMENTS":
        assert len(taxonomy.rows_of(name.lower())) == len(ALL[name])


def test_the_lists_are_complete():
    assert {name: len(terms) for name, terms in ALL.items()} == {
        "ATTRIBUTES": 30,
        "BUYER_KINDS": 12,
        "CATEGORIES": 85,
        "GROUP_SIZES": 5,
        "LANGUAGES": 22,
        "MARKETS": 24,
        "MONTHS": 12,
        "SEGMENTS": 8,
        "VISITOR_BANDS": 5,
    }
    assert len(CATEGORIES.headings) == 11


def test_a_name_is_in_the_readers_language():
    assert CATEGORIES.name("ACC-02", "ja") == "旅館"
    with translation.override("en"):
        assert CATEGORIES["ACC-02"].name() == "Ryokan"
    with translation.override("ja"):
        assert CATEGORIES.names(["ACC-02", "ACC"]) == ["旅館", "宿泊"]


def test_choices_of_two_levels_are_grouped_and_offer_no_heading():
    groups = dict(CATEGORIES.choices("en"))

    assert list(groups)[:2] == ["Accommodation", "Food and drink"]
    assert groups["Accommodation"][:2] == [("ACC-01", "Hotel"), ("ACC-02", "Ryokan")]
    assert sum(len(terms) for terms in groups.values()) == 85 - 11


def test_choices_of_one_level_are_flat():
    assert MARKETS.choices("ja")[0] == ("KR", "韓国")
    assert [code for code, _ in SEGMENTS.choices()] == [term.code for term in ATTRIBUTES.children("guests")]


def test_a_listing_is_found_by_its_categories_and_their_headings():
    assert CATEGORIES.with_headings(["ACC-02", "ACC-07", "EXP-02"]) == {"ACC-02", "ACC-07", "ACC", "EXP-02", "EXP"}
    assert MARKETS.with_headings(["KR"]) == {"KR"}


@pytest.mark.parametrize("code", ["", "acc", "ACC-99", "ＡＣＣ", None])
def test_an_unknown_code_is_an_error(code):
    assert code not in CATEGORIES
    with pytest.raises(KeyError):
        CATEGORIES.name(code)
