"""Countries and regions, named shortly and neutrally ("Country or region" is the label everywhere).

Names come from django-countries; `data/countries.csv` replaces some and gives the readings that sorting needs."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from accounts.data import in_language, rows
from accounts.normalise import katakana

JAPAN = "JP"
LABEL = gettext_lazy("Country or region")
# The markets that visitors to Japan mostly come from, offered first.
MARKETS = frozenset({
    "KR", "CN", "TW", "HK", "TH", "SG", "MY", "ID", "PH", "VN", "IN", "AU", "US", "CA", "MX", "GB", "FR",
    "DE", "IT", "ES", "RU", "SE", "NO", "DK", "FI", "IS", "AE", "SA", "QA", "BH", "OM", "KW", "IL", "TR",
})  # fmt: skip
VOWELS = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレ",
    "オ": "オコソトノホモヨロヲ",
}
SMALL_TO_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")


@dataclass(frozen=True)
class Country:
    code: str
    name_en: str
    name_ja: str
    reading: str

    def name(self, language: str | None = None) -> str:
        return in_language(self.name_en, self.name_ja, language)

    def sort_key(self, language: str | None = None) -> str:
        return in_language(_without_marks(self.name_en).casefold(), kana_order(self.reading), language)


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def kana_order(reading: str) -> str:
    """A key that sorts katakana as a dictionary does (after JIS X 4061): voice marks and size of a kana do not count,
    and a long vowel mark counts as the vowel it lengthens."""
    key = ""
    for kana in _without_marks(reading).translate(SMALL_TO_LARGE):
        if kana == "ー":
            kana = next((vowel for vowel, row in VOWELS.items() if key[-1:] and key[-1] in row), "")
        key += kana if kana.isalnum() else ""
    return key


@cache
def _all() -> dict[str, Country]:
    ours = {row["code"]: row for row in rows("countries.csv")}
    with translation.override("en"):
        english = {code: str(name) for code, name in countries}
    with translation.override("ja"):
        japanese = {code: str(name) for code, name in countries}
    return {code: _country(code, name_en, japanese[code], ours.get(code, {})) for code, name_en in english.items()}


def _country(code: str, name_en: str, name_ja: str, ours: dict[str, str]) -> Country:
    name_ja = ours.get("name_ja") or name_ja
    return Country(code, ours.get("name_en") or name_en, name_ja, ours.get("reading") or katakana(name_ja))


def every(language: str | None = None) -> list[Country]:
    """All countries and regions but Japan: English A to Z, Japanese by reading."""
    abroad = (country for country in _all().values() if country.code != JAPAN)
    return sorted(abroad, key=lambda country: country.sort_key(language))


def name(code: str, language: str | None = None) -> str:
    """The name of an ISO 3166-1 code; an unknown code names itself."""
    return _all()[code].name(language) if code in _all() else code


def choices(language: str | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices for an operator abroad: the main markets first, then all. Give it to a form uncalled."""
    abroad = [(country.code, country.name(language)) for country in every(language)]
    with translation.override(language or translation.get_language() or "en"):
        return [
            (_("Main markets"), [choice for choice in abroad if choice[0] in MARKETS]),
            (_("All countries and regions"), abroad),
        ]
