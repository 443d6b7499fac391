import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import normalise


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１２３", "123"),
        ("０３－１２３４ー５６７８", "03-1234-5678"),
        ("03‐5320−4769", "03-5320-4769"),
        ("旅行サービス手配業１－２", "旅行サービス手配業1-2"),
        ("00123", "00123"),
    ],
)
def test_digits_folds_hyphens_only_between_digits(typed, number):
    assert normalise.digits(typed) == number


def test_stored_text_keeps_the_letters_of_names():
    for name in ("髙島屋", "𠮷野", "山﨑", "㈱①商店", "葛\U000e0100城", "Café Zoë"):
        assert normalise.single_line(name) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Sakura Travel　", "Sakura Travel"),
        ("か\u3099いど", "がいど"),
        ("a\r\nb\tc", "a b c"),
        ("a\x1b[31mb", "a[31mb"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\u200bb", "ab"),
        ("\u200d\ufe0f", ""),
        ("\u3000 \n", ""),
    ],
)
def test_single_line(typed, stored):
    assert normalise.single_line(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one\n\n\n\ntwo  \n", "one\n\ntwo"),
        ("\n" * 1_000_000, ""),
    ],
)
def test_multi_line(typed, stored):
    assert normalise.multi_line(typed) == stored


@pytest.mark.parametrize("apart", ["", "\u200b", "\x7f"])
@pytest.mark.parametrize("clean", [normalise.single_line, normalise.multi_line])
def test_a_heap_of_marks_is_refused_at_once(clean, apart):
    """To bring them into order takes time that grows with the square of their number (UAX #15, Stream-Safe Text)."""
    began = time.process_time()
    with pytest.raises(ValidationError):
        clean("a" + f"\u0300\u0316{apart}" * 150_000)
    assert time.process_time() - began < 2


def test_marks_of_a_language_stay():
    hebrew = "בְּרֵאשִׁ֖ית"
    assert normalise.single_line(hebrew * 100) == normalise.nfc(hebrew * 100)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff"])
@pytest.mark.parametrize("clean", [normalise.single_line, normalise.multi_line])
def test_text_that_no_database_holds_is_refused(clean, text):
    with pytest.raises(ValidationError):
        clean(text)


@settings(deadline=None)
@given(st.text())
def test_cleaning_a_clean_text_changes_nothing(text):
    try:
        once = normalise.multi_line(text)
    except ValidationError:
        return
    assert normalise.multi_line(once) == once


@pytest.mark.parametrize(
    "spelling",
    ["株式会社さくら旅行", "㈱さくら旅行", "(株) さくら旅行", "（株）サクラ旅行", "さくら旅行　株式会社", "㍿ｻｸﾗ旅行"],
)
def test_spellings_of_a_japanese_company_share_a_key(spelling):
    assert normalise.company_key(spelling) == normalise.company_key("サクラ旅行")


@pytest.mark.parametrize(
    "spelling",
    [
        "Sakura Travel Co., Ltd.",
        "SAKURA TRAVEL K.K.",
        "Ｓａｋｕｒａ　Ｔｒａｖｅｌ, Inc.",
        "Sakura-Travel GmbH & Co. KG",
        "Sakura Travel S.A.S",
    ],
)
def test_spellings_of_a_company_in_latin_letters_share_a_key(spelling):
    assert normalise.company_key(spelling) == "sakuratravel"


@pytest.mark.parametrize(
    ("one", "other"),
    [("さくら旅行", "さくら旅館"), ("Princess Inc", "Pr"), ("サービス", "サビス"), ("Limited Travel", "Travel")],
)
def test_different_companies_have_different_keys(one, other):
    assert normalise.company_key(one) != normalise.company_key(other)


def test_a_name_that_is_only_a_legal_form_still_has_a_key():
    assert normalise.company_key("株式会社") == "株式会社"


def test_a_key_fits_its_column_even_where_letters_unfold():
    assert len(normalise.company_key("㌖" * 100)) == 100


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("taro@mail.sakura-travel.co.jp", "sakura-travel.co.jp"),
        ("https://www.sakura-travel.co.jp/en", "sakura-travel.co.jp"),
        ("http://www.voyages-exemple.fr:8080/?a=b@c.de", "voyages-exemple.fr"),
        ("anna@reisen.example", "reisen.example"),
        ("www.example.com", "example.com"),
        ("localhost", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_domain_of(address, domain):
    assert normalise.domain_of(address) == domain


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("a@gmail.com", True),
        ("a@yahoo.co.jp", True),
        ("https://sakura.jimdofree.com", True),
        ("https://www.facebook.com/sakura", True),
        ("a@sakura-travel.co.jp", False),
    ],
)
def test_a_shared_domain_tells_of_no_company(address, shared):
    assert normalise.is_shared(normalise.domain_of(address)) is shared
