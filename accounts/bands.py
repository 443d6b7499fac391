"""Bands in which the number of employees is shown (従業者規模, after the Economic Census, in seven).

The exact number stays with the operator and staff."""

from dataclasses import dataclass

from accounts.data import in_language


@dataclass(frozen=True)
class Band:
    code: str
    lowest: int
    highest: int | None

    def label(self, language: str | None = None) -> str:
        if self.highest is None:
            return in_language(f"{self.lowest} or more people", f"{self.lowest}人以上", language)
        return in_language(f"{self.lowest}–{self.highest} people", f"{self.lowest}～{self.highest}人", language)


BANDS = {
    band.code: band
    for band in (
        Band("1-4", 1, 4),
        Band("5-9", 5, 9),
        Band("10-19", 10, 19),
        Band("20-49", 20, 49),
        Band("50-99", 50, 99),
        Band("100-299", 100, 299),
        Band("300-", 300, None),
    )
}


def band_of(employees: int) -> Band:
    """The band of a number from 1 upwards; owner and part-timers count."""
    if employees < 1:
        raise ValueError("employees are counted from 1")
    return max((band for band in BANDS.values() if band.lowest <= employees), key=lambda band: band.lowest)


def label(code: str, language: str | None = None) -> str:
    return BANDS[code].label(language)


def choices(language: str | None = None) -> list[tuple[str, str]]:
    return [(band.code, band.label(language)) for band in BANDS.values()]
