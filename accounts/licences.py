"""Licences and registrations of Japan's tourism businesses: their kinds, their numbers, and how they are written.

`data/licence_kinds.csv` lists the kinds. Its column `authority` says who grants one:

- agency: the Commissioner of the Japan Tourism Agency (the Minister, on older signs),
- minister: the Minister of Land, Infrastructure, Transport and Tourism,
- governor: the governor of a prefecture,
- named: a health centre, a ward, a transport bureau, a tax office: typed freely.

Its column `number` names a form of `FORMS`; where every office has its own form, the number is free text.
Its columns `register_…` name the public list to compare a number with, and its address where that is official and
stays; both are empty where only the authority can tell."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.data import in_language, rows
from accounts.normalise import digits, single_line
from accounts.places import PREFECTURES, TOKYO

AGENCY = "観光庁長官"
MINISTER = "国土交通大臣"
AUTHORITIES_EN = {
    AGENCY: "Commissioner of the Japan Tourism Agency",
    MINISTER: "Minister of Land, Infrastructure, Transport and Tourism",
} | {prefecture.governor_ja: prefecture.governor_en for prefecture in PREFECTURES.values()}

# Form: (what may be typed once the words around the number are gone, what is stored).
FORMS = {
    "class 1": (r"([0-9]{1,5})", "{}"),
    "class 2": (r"(?:2-)?([0-9]{1,5})", "2-{}"),
    "class 3": (r"(?:3-)?([0-9]{1,5})", "3-{}"),
    "regional": (r"([0-9]{1,5})", "地域-{}"),
    "digits": (r"([0-9]{1,6})", "{}"),
    "home sharing": (r"(M(?:0[1-9]|[1-3][0-9]|4[0-7])[0-9]{7})", "{}"),
    # The number in the search service carries the three-digit code of the prefecture before it.
    "guide": (r"((?:1[0-9]{2})?[A-Z]{2}[0-9]{5})", "{}"),
    "free": (r"(.+)", "{}"),
}
NUMBER_LIMIT = 40
AUTHORITY_LIMIT = 80


@dataclass(frozen=True)
class LicenceKind:
    code: str
    name_en: str
    name_ja: str
    written_ja: str
    authority: str
    number: str
    example: str
    register_en: str
    register_ja: str
    register_url: str

    def name(self, language: str | None = None) -> str:
        return in_language(self.name_en, self.name_ja, language)

    @property
    def default_authority(self) -> str:
        """Who grants it when nobody is named; "" where there are many."""
        return {"agency": AGENCY, "minister": MINISTER, "governor": PREFECTURES[TOKYO].governor_ja, "named": ""}[
            self.authority
        ]

    @property
    def authorities(self) -> list[str]:
        """All who may grant it; none where the authority is typed freely."""
        return {
            "agency": [AGENCY, MINISTER],
            "minister": [MINISTER],
            "governor": [prefecture.governor_ja for prefecture in PREFECTURES.values()],
            "named": [],
        }[self.authority]


KINDS = {row["code"]: LicenceKind(**row) for row in rows("licence_kinds.csv")}


def choices(language: str | None = None) -> list[tuple[str, str]]:
    return [(kind.code, kind.name(language)) for kind in KINDS.values()]


def authority_name(authority: str, language: str | None = None) -> str:
    """A stored authority as the reader calls it; one that was typed freely stays as typed."""
    return in_language(AUTHORITIES_EN.get(authority, authority), authority, language)


def check_authority(kind: str, authority: str) -> str:
    """The authority as stored, from Japanese, English or a prefecture alone; the default from nothing."""
    known = _kind(kind)
    text = single_line(authority)
    if not text and known.default_authority:
        return known.default_authority
    if len(text) > AUTHORITY_LIMIT:
        raise ValidationError(
            _("The authority must be %(limit)d characters or fewer"),
            code="licence_authority",
            params={"limit": AUTHORITY_LIMIT},
        )
    if not known.authorities and text:
        return text
    for candidate in known.authorities:
        if _folded(text) in _spellings(candidate):
            return candidate
    raise ValidationError(_("Enter the authority that granted the licence"), code="licence_authority")


def _spellings(authority: str) -> set[str]:
    prefecture = authority.removesuffix("知事")
    english = AUTHORITIES_EN[authority]
    spellings = {authority, english, prefecture, english.removeprefix("Governor of ")}
    if prefecture[-1] in "都府県":
        spellings.add(prefecture[:-1])
    return {_folded(spelling) for spelling in spellings}


def _folded(text: str) -> str:
    return digits(text).casefold().replace(" ", "")


def check(kind: str, authority: str, number: str) -> str:
    """The number as stored, from any width, alone or inside its written line (「東京都知事登録旅行業第2-6811号」).

    Raises a ValidationError of code `licence_kind`, `licence_authority` or `licence_number` otherwise."""
    known = _kind(kind)
    check_authority(kind, authority)
    # Cleaned again, since NFKC makes a space of some accents that stand alone.
    text = single_line(digits(single_line(number)[: 8 * NUMBER_LIMIT]))
    if not text:
        raise ValidationError(_("Enter the licence number"), code="licence_number")
    limit = NUMBER_LIMIT if known.number == "free" else 2 * NUMBER_LIMIT
    if len(text) > limit:
        raise ValidationError(
            _("The licence number must be %(limit)d characters or fewer"),
            code="licence_number",
            params={"limit": limit},
        )
    if known.number != "free":
        text = text.replace(" ", "").upper().removeprefix("NO.")
        text = re.sub(r"^[^0-9A-Z]+", "", text).removesuffix("号")
    accepted, stored = FORMS[known.number]
    found = re.fullmatch(accepted, text)
    if found is None:
        raise ValidationError(
            _("Enter the licence number in the right form, like %(example)s"),
            code="licence_number",
            params={"example": known.example},
        )
    return stored.format(found.group(1))


def _kind(code: str) -> LicenceKind:
    if code not in KINDS:
        raise ValidationError(_("Select the kind of licence"), code="licence_kind")
    return KINDS[code]


def formatted(kind: str, authority: str, number: str, language: str | None = None) -> str:
    """A stored licence as one line: 「東京都知事登録旅行業第2-6811号」, "Class 2 Travel Operator, Governor of Tokyo,
    No. 2-6811". A number that says itself that it is one, as 第98205号 does, gets no "No." in English."""
    known = KINDS[kind]
    says_so = "第" in number or number.casefold().startswith("no.")
    written = known.written_ja or f"{known.name_ja}（{{authority}}）{{number}}"
    return in_language(
        f"{known.name_en}, {authority_name(authority, 'en')}, {'' if says_so else 'No. '}{number}",
        # Not str.format: what somebody typed may hold braces.
        written.replace("{number}", number).replace("{authority}", authority),
        language,
    )


def register(kind: str, authority: str, language: str | None = None) -> str:
    """The public list in which a licence stands; "" where none is known."""
    known = KINDS[kind]
    return in_language(
        known.register_en.replace("{authority}", authority_name(authority, "en")),
        known.register_ja.replace("{authority}", authority),
        language,
    )


def corporate_number(text: str) -> str:
    """The 13 digits of a 法人番号, from any width, with or without hyphens, spaces or the T of an invoice number."""
    compact = re.sub(r"[\s-]", "", digits(text[:60])).upper().removeprefix("T")
    if len(text) > 60 or not re.fullmatch("[0-9]{13}", compact):
        raise ValidationError(_("Corporate number must be 13 digits"), code="corporate_number")
    # 法人番号の指定に関する省令: counted from the right, digits at odd places weigh 1, at even places 2.
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(compact[1:])))
    if int(compact[0]) != 9 - total % 9:
        raise ValidationError(_("Check the corporate number; one of the digits looks wrong"), code="corporate_number")
    return compact
