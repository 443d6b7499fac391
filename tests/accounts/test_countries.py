import re

import pytest
from django.utils import translation

from accounts import countries


@pytest.mark.parametrize(
    ("code", "english", "japanese"),
    [
        ("TW", "Taiwan", "台湾"),
        ("HK", "Hong Kong", "香港"),
        ("MO", "Macao", "マカオ"),
        ("GE", "Georgia", "ジョージア"),
        ("PS", "Palestine", "パレスチナ"),
        ("FK", "Falkland Islands", "フォークランド諸島"),
        ("CD", "DR Congo", "コンゴ民主共和国"),
        ("GB", "United Kingdom", "英国"),
        ("US", "United States", "米国"),
        ("VA", "Vatican City", "バチカン"),
        ("FR", "France", "フランス"),
        ("JP", "Japan", "日本"),
        ("XX", "XX", "XX"),
    ],
)
def test_name(code, english, japanese):
    assert countries.name(code, "en") == english
    assert countries.name(code, "ja") == japanese


def test_every_reading_is_katakana():
    for country in countries.every():
        assert re.fullmatch("[ァ-ヴー・、]+", country.reading), country


def test_japan_is_not_abroad():
    codes = {code for _, group in countries.choices() for code, _ in group}

    assert "JP" not in codes
    assert len(codes) == 248


def test_markets_come_first():
    (_, markets), (_, everything) = countries.choices("en")

    assert {code for code, _ in markets} == countries.MARKETS
    assert {code for code, _ in everything} > countries.MARKETS


def test_english_names_are_sorted_without_regard_to_accents():
    names = [country.name("en") for country in countries.every("en")]

    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert names[-1] == "Zimbabwe"


def test_japanese_names_are_sorted_by_reading():
    names = [country.name("ja") for country in countries.every("ja")]

    assert names[0] == "アイスランド"
    assert names.index("英国") < names.index("エクアドル") < names.index("韓国") < names.index("米国")
    assert names.index("オーストラリア") < names.index("オマーン")


@pytest.mark.parametrize(
    ("reading", "key"),
    [("ガーナ", "カアナ"), ("オーストリア", "オオストリア"), ("ニュージーランド", "ニユウシイラント")],
)
def test_kana_order(reading, key):
    assert countries.kana_order(reading) == key


def test_groups_speak_the_language_of_the_reader():
    with translation.override("ja"):
        assert [group for group, _ in countries.choices()] == ["主な市場", "すべての国・地域"]
    assert countries.choices("en")[0][0] == "Main markets"
