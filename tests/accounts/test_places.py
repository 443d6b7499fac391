import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts import places


def test_tokyo_has_62_municipalities_in_four_regions():
    counts = {region.code: len(region.municipalities) for region in places.REGIONS.values()}

    assert counts == {"wards": 23, "tama": 30, "izu": 8, "ogasawara": 1}
    assert len(places.MUNICIPALITIES) == 62


def test_every_code_ends_in_its_check_digit():
    """総務省 全国地方公共団体コード: five digits weigh 6 to 2, the sixth makes the sum a multiple of 11."""
    for code in (*places.MUNICIPALITIES, places.WHOLE_OF_TOKYO):
        total = sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), code[:5], strict=True))
        assert str((11 - total % 11) % 10) == code[5]


def test_no_two_labels_are_alike():
    for language in ("en", "ja"):
        labels = [place.label(language) for place in places.MUNICIPALITIES.values()]
        assert len(set(labels)) == 62


def test_a_ward_and_a_village_called_toshima_are_told_apart():
    assert places.label("131164", "en") == "Toshima City"
    assert places.label("133621", "en") == "Toshima Village"
    assert places.label("131164", "ja") == "豊島区"


def test_choices_speak_the_language_of_the_reader():
    with translation.override("ja"):
        assert places.area_choices()[0] == ("130001", "東京都全域")
        assert [region for region, _ in places.choices()] == ["区部", "多摩地域", "伊豆諸島", "小笠原諸島"]
    assert places.area_choices("en")[0] == ("130001", "Whole of Tokyo")


def test_label_of_anything_stored():
    assert places.label("izu", "en") == "Izu Islands"
    assert places.label("gone") == "gone"


def test_prefectures():
    assert list(places.PREFECTURES) == [f"{number:02}" for number in range(1, 48)]
    assert places.prefecture_choices("ja")[12] == ("13", "東京都")
    assert places.PREFECTURES["26"].governor_ja == "京都府知事"


@pytest.mark.parametrize(
    "typed", ["1638001", "163-8001", "〒163-8001", "１６３－８００１", "163ー8001", " 〒 163 8001 "]
)
def test_postcode(typed):
    assert places.postcode(typed) == "163-8001"


def test_postcode_keeps_leading_zeros():
    assert places.postcode("0600001") == "060-0001"


@pytest.mark.parametrize("typed", ["", "163800", "16380011", "163-80O1", "1６３\x00", "٣٣٣٣٣٣٣", "1" * 10_000])
def test_postcode_refuses(typed):
    with pytest.raises(ValidationError):
        places.postcode(typed)
