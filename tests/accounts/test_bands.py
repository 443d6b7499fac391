import pytest

from accounts import bands


@pytest.mark.parametrize(
    ("employees", "code"),
    [
        (1, "1-4"),
        (4, "1-4"),
        (5, "5-9"),
        (19, "10-19"),
        (20, "20-49"),
        (49, "20-49"),
        (50, "50-99"),
        (299, "100-299"),
        (300, "300-"),
        (10**9, "300-"),
    ],
)
def test_band_of(employees, code):
    assert bands.band_of(employees).code == code


@pytest.mark.parametrize("employees", [0, -1])
def test_nobody_is_no_band(employees):
    with pytest.raises(ValueError, match="from 1"):
        bands.band_of(employees)


def test_labels_in_both_languages():
    assert bands.label("1-4", "en") == "1–4 people"
    assert bands.label("1-4", "ja") == "1～4人"
    assert bands.choices("ja")[-1] == ("300-", "300人以上")


def test_bands_follow_each_other_without_a_gap():
    borders = [(band.lowest, band.highest) for band in bands.BANDS.values()]

    assert len(borders) == 7
    assert all(above[0] == below[1] + 1 for below, above in zip(borders, borders[1:], strict=False))
