import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import licences

TOKYO = "東京都知事"


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("travel-1", "64", "64"),
        ("travel-1", "観光庁長官登録旅行業第６４号", "64"),
        ("travel-2", "2-6811", "2-6811"),
        ("travel-2", "６８１１", "2-6811"),
        ("travel-2", "第２－８１０５号", "2-8105"),
        ("travel-2", "東京都知事登録旅行業第2‐6811号", "2-6811"),
        ("travel-2", "No. 2-0123", "2-0123"),
        ("travel-3", "第3-7669号", "3-7669"),
        ("travel-regional", "東京都知事登録旅行業（第）地域（限定）－１２号", "地域-12"),
        ("travel-regional", "地域限定12", "地域-12"),
        ("travel-regional", "地域-12", "地域-12"),
        ("travel-agency", "東京都知事登録旅行業者代理業第11234号", "11234"),
        ("travel-arrangement", "東京都知事登録旅行サービス手配業第１２３号", "123"),
        ("hotel", "５新保衛環第１２３号", "5新保衛環第123号"),
        ("home-sharing", "第Ｍ１３０００１２３４号", "M130001234"),
        ("home-sharing", "m130001234", "M130001234"),
        ("home-sharing-manager", "(02)第F01234号", "(02)第F01234号"),
        ("guide", "ｅｎ００００１", "EN00001"),
        ("guide", "113EN00001", "113EN00001"),
    ],
)
def test_check_accepts_what_people_type(kind, typed, stored):
    assert (
        licences.check(kind, "新宿区保健所", typed) == stored
        if kind in {"hotel", "home-sharing"}
        else (licences.check(kind, "", typed) == stored)
    )


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("travel-1", "123456"),
        ("travel-1", "2-6811"),
        ("travel-2", "3-7669"),
        ("travel-2", "2-123456"),
        ("travel-3", "３－"),
        ("travel-2", "٣"),
        ("travel-agency", "1234567"),
        ("home-sharing", "M480001234"),
        ("home-sharing", "M13000123"),
        ("guide", "EN0001"),
        ("guide", "213EN00001"),
        ("hotel", "あ" * 41),
        ("hotel", " "),
        ("hotel", "1\x00"),
    ],
)
def test_check_refuses_a_number_of_another_form(kind, typed):
    with pytest.raises(ValidationError):
        licences.check(kind, "" if licences.KINDS[kind].authorities else "新宿区保健所", typed)


@settings(deadline=None)
@given(st.sampled_from(list(licences.KINDS)), st.text(max_size=200), st.text(max_size=200))
def test_check_refuses_or_gives_what_it_would_give_again(kind, authority, number):
    try:
        stored = licences.check(kind, authority, number)
    except ValidationError:
        return
    assert licences.check(kind, authority, stored) == stored


def test_every_example_is_right():
    for kind in licences.KINDS.values():
        if kind.example:
            assert licences.check(kind.code, kind.default_authority or "区", kind.example) == kind.example


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValidationError) as refused:
        licences.check("spaceport", "", "1")

    assert refused.value.code == "licence_kind"


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("travel-1", "", "観光庁長官"),
        ("travel-1", "国土交通大臣", "国土交通大臣"),
        ("travel-2", "", "東京都知事"),
        ("travel-2", "東京都", "東京都知事"),
        ("travel-2", "Tokyo", "東京都知事"),
        ("travel-2", "京都", "京都府知事"),
        ("travel-2", "governor of Hokkaido", "北海道知事"),
        ("hotel", " 新宿区保健所 ", "新宿区保健所"),
    ],
)
def test_check_authority(kind, typed, stored):
    assert licences.check_authority(kind, typed) == stored


@pytest.mark.parametrize(("kind", "typed"), [("travel-2", "新宿区"), ("hotel", ""), ("hotel", "あ" * 81)])
def test_an_authority_that_cannot_grant_it_is_refused(kind, typed):
    with pytest.raises(ValidationError) as refused:
        licences.check(kind, typed, "1")

    assert refused.value.code == "licence_authority"


@pytest.mark.parametrize(
    ("kind", "authority", "number", "japanese", "english"),
    [
        (
            "travel-1",
            "観光庁長官",
            "64",
            "観光庁長官登録旅行業第64号",
            "Class 1 Travel Operator, Commissioner of the Japan Tourism Agency, No. 64",
        ),
        (
            "travel-2",
            TOKYO,
            "2-6811",
            "東京都知事登録旅行業第2-6811号",
            "Class 2 Travel Operator, Governor of Tokyo, No. 2-6811",
        ),
        (
            "hotel",
            "{number}区",
            "5第1号",
            "旅館・ホテル営業（{number}区）5第1号",
            "Hotel or ryokan, {number}区, 5第1号",
        ),
        ("hotel", "Ward", "No. 5", "旅館・ホテル営業（Ward）No. 5", "Hotel or ryokan, Ward, No. 5"),
        ("hotel", "区", "98205", "旅館・ホテル営業（区）98205", "Hotel or ryokan, 区, No. 98205"),
        (
            "home-sharing",
            TOKYO,
            "M130001234",
            "住宅宿泊事業（東京都知事）第M130001234号",
            "Home sharing, Governor of Tokyo, No. M130001234",
        ),
    ],
)
def test_formatted(kind, authority, number, japanese, english):
    assert licences.formatted(kind, authority, number, "ja") == japanese
    assert licences.formatted(kind, authority, number, "en") == english


@pytest.mark.parametrize("number", ["4011001098993", "5010401067252", "7000012050002", "8000020130001"])
def test_corporate_number_accepts(number):
    assert licences.corporate_number(number) == number


@pytest.mark.parametrize(
    "typed", ["８００００２０１３０００１", "8-0000-2013-0001", "T8000020130001", " 8000 0201 30001 "]
)
def test_corporate_number_in_any_width(typed):
    assert licences.corporate_number(typed) == "8000020130001"


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("7010001067252", "法人番号をご確認ください。数字に誤りがある可能性があります"),
        ("801000106725", "法人番号は13桁の数字で入力してください"),
        ("", "法人番号は13桁の数字で入力してください"),
    ],
)
def test_corporate_number_refuses_in_the_language_of_the_reader(number, message):
    with translation.override("ja"), pytest.raises(ValidationError) as refused:
        licences.corporate_number(number)

    with translation.override("ja"):
        assert refused.value.messages == [message]


def test_a_number_of_a_hundred_thousand_marks_is_refused_at_once():
    """Half-width voicing marks are marks only after NFKC, which takes long to bring so many into order."""
    began = time.process_time()
    with pytest.raises(ValidationError):
        licences.check("travel-2", "", "\uff76" + "\uff9e\u0316" * 50_000)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("kind", licences.KINDS.values(), ids=lambda kind: kind.code)
def test_a_public_register_has_a_name_in_both_languages_and_an_official_address(kind):
    assert bool(kind.register_en) == bool(kind.register_ja)
    assert not kind.register_url or (kind.register_en and ".go.jp/" in kind.register_url)
    for language in ("en", "ja"):
        assert "{" not in licences.register(kind.code, TOKYO, language)
