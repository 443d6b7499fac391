"""Tokyo's 62 municipalities (区市町村) in four regions, Japan's 47 prefectures, and Japanese postcodes."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.data import in_language, rows
from accounts.normalise import digits

TOKYO = "13"
# Tokyo's own local government code: an operator may serve the whole of it.
WHOLE_OF_TOKYO = "130001"


@dataclass(frozen=True)
class Place:
    """Something with a code and a name in both languages."""

    code: str
    name_en: str
    name_ja: str

    def name(self, language: str | None = None) -> str:
        return in_language(self.name_en, self.name_ja, language)

    def label(self, language: str | None = None) -> str:
        """The name that stands alone, told apart from all others."""
        return self.name(language)


@dataclass(frozen=True)
class Prefecture(Place):
    @property
    def governor_ja(self) -> str:
        return f"{self.name_ja}知事"

    @property
    def governor_en(self) -> str:
        return f"Governor of {self.name_en}"


@dataclass(frozen=True)
class Region(Place):
    @property
    def municipalities(self) -> list["Municipality"]:
        return [municipality for municipality in MUNICIPALITIES.values() if municipality.region == self.code]


@dataclass(frozen=True)
class Municipality(Place):
    suffix_en: str
    kind: str
    region: str

    def label(self, language: str | None = None) -> str:
        """With the suffix, since a ward and a village are both called Toshima."""
        return in_language(f"{self.name_en} {self.suffix_en}", self.name_ja, language)


PREFECTURES = {row["code"]: Prefecture(**row) for row in rows("prefectures.csv")}
REGIONS = {row["code"]: Region(**row) for row in rows("tokyo_regions.csv")}
MUNICIPALITIES = {row["code"]: Municipality(**row) for row in rows("tokyo_municipalities.csv")}
ALL_OF_TOKYO = Place(WHOLE_OF_TOKYO, "Whole of Tokyo", "東京都全域")


def label(code: str, language: str | None = None) -> str:
    """The label of a municipality, a region, or the whole of Tokyo; an unknown code names itself."""
    places = MUNICIPALITIES | REGIONS | {WHOLE_OF_TOKYO: ALL_OF_TOKYO}
    return places[code].label(language) if code in places else code


def choices(language: str | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """All municipalities by region. Give it to a form uncalled."""
    return [
        (region.name(language), [(place.code, place.label(language)) for place in region.municipalities])
        for region in REGIONS.values()
    ]


def area_choices(language: str | None = None) -> list[tuple]:
    """Where an operator works: the whole of Tokyo, or municipalities by region."""
    return [(WHOLE_OF_TOKYO, ALL_OF_TOKYO.label(language)), *choices(language)]


def prefecture_choices(language: str | None = None) -> list[tuple[str, str]]:
    return [(prefecture.code, prefecture.label(language)) for prefecture in PREFECTURES.values()]


def postcode(text: str) -> str:
    """A Japanese postcode as 163-8001, from any width, with or without hyphen and 〒."""
    found = re.fullmatch(r"\s*〒?\s*([0-9]{3})\s*-?\s*([0-9]{4})\s*", digits(text[:40]))
    if found is None or len(text) > 40:
        raise ValidationError(_("Enter a 7-digit postcode"), code="postcode")
    return "-".join(found.groups())
