"""One spelling for what people type in many: for storing, for comparing, for counting."""

import re
import unicodedata
from functools import cache
from itertools import groupby
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.data import rows

HYPHENS = "-‐‑‒–—―−ー"
FULL_WIDTH_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}

# Invisible: zero-width space, word joiner, byte order mark, soft hyphen, and the marks that turn the reading direction.
# Joiners and variation selectors stay, since Hindi, Persian and some family names are written with them.
INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0xAD, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")
IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")
# The Stream-Safe Text Format of UAX #15. No language puts more marks on a letter, and the time that it takes to bring
# marks into order grows with their square: a megabyte of them would hold a process for an hour.
MARKS = 30

# Words for the kind of a company, as they stand after NFKC and case folding.
JAPANESE_FORMS = (
    "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "(株)", "(有)", "(同)", "(資)", "(名)",
    "一般社団法人", "公益社団法人", "一般財団法人", "公益財団法人", "特定非営利活動法人", "npo法人",
    "股份有限公司", "有限責任公司", "有限责任公司", "有限公司", "주식회사", "(주)",
)  # fmt: skip
LATIN_FORMS = frozenset({
    "co", "ltd", "inc", "kk", "llc", "llp", "lp", "plc", "corp", "corporation", "company", "limited", "incorporated",
    "gmbh", "kg", "ag", "sas", "sasu", "sarl", "sa", "eurl", "srl", "sl", "spa", "bv", "nv", "oy", "oyj", "ab", "as",
    "aps", "pty", "pte", "pvt", "private", "sdn", "bhd", "kabushiki", "kaisha", "godo", "gaisha", "yugen",
})  # fmt: skip
SECOND_LEVELS = frozenset({
    "ac", "co", "com", "ed", "edu", "go", "gob", "gov", "gr", "lg", "ne", "net", "nom", "or", "org",
})  # fmt: skip


def nfc(text: str) -> str:
    """The same characters in composed form: か and a following dakuten become が, while ㈱ and ① stay."""
    return unicodedata.normalize("NFC", text)


def half_width(text: str) -> str:
    """Full-width ASCII and the ideographic space as half-width, all else as it was."""
    return text.translate(FULL_WIDTH_ASCII)


def digits(text: str) -> str:
    """For numbers: NFKC, and any hyphen, dash or long vowel mark between two digits as "-"."""
    return re.sub(f"(?<=[0-9])[{HYPHENS}](?=[0-9])", "-", unicodedata.normalize("NFKC", text))


def katakana(text: str) -> str:
    """Hiragana as katakana, all else as it was."""
    return text.translate(HIRAGANA_TO_KATAKANA)


def single_line(text: str) -> str:
    """One line as we store it: composed, trimmed, without control or invisible characters.

    Empty when nothing visible is left. Refuses what PostgreSQL or UTF-8 cannot hold."""
    return _visible(" ".join(_storable(text).split("\n"))).strip()


def multi_line(text: str) -> str:
    """Lines as we store them: like `single_line`, with at most one empty line between two others."""
    text = re.sub("\n{3,}", "\n\n", "\n".join(line.rstrip() for line in _storable(text).split("\n")))
    return _visible(text).strip()


def _storable(text: str) -> str:
    # What is not kept goes first: it would hide that the marks on both sides of it stand together.
    text = CONTROLS.sub("", LINE_ENDS.sub("\n", text).replace("\t", " ")).translate(INVISIBLE)
    if IMPOSSIBLE.search(text) or _is_heap_of_marks(text):
        raise ValidationError(_("Remove the characters that cannot be displayed"), code="characters")
    return nfc(text)


def _is_heap_of_marks(text: str) -> bool:
    marks = groupby(text, key=lambda character: unicodedata.combining(character) > 0)
    return any(is_mark and len(list(heap)) > MARKS for is_mark, heap in marks)


def _visible(text: str) -> str:
    """The text, or nothing where no letter, digit, sign or symbol stands in it."""
    return text if any(unicodedata.category(character)[0] in "LNPS" for character in text) else ""


def company_key(name: str) -> str:
    """What two spellings of one company name share: 「㈱さくら旅行」 and 「サクラ旅行 株式会社」 give one key.

    At most 100 characters. Only for finding candidates that a person compares."""
    name = name[:400]
    text = katakana(unicodedata.normalize("NFKC", name).casefold()).strip()
    for form in JAPANESE_FORMS:
        text = text.removeprefix(form).removesuffix(form).strip()
    words = _words(text.replace(".", ""))
    while len(words) > 1 and words[-1] in LATIN_FORMS:
        words.pop()
    return ("".join(words) or "".join(_words(unicodedata.normalize("NFKC", name).casefold())))[:100]


def _words(text: str) -> list[str]:
    return "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in text).split()


def domain_of(address: str) -> str:
    """The domain somebody registered, from a web or e-mail address; "" where there is none.

    A rule of thumb without the public suffix list: two labels, three below co.jp and its like."""
    host = address.rpartition("@")[2]
    if "://" in address:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return ""
    labels = host.lower().strip(". ").split(".")
    if len(labels) < 2:
        return ""
    below_country = len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    return ".".join(labels[-3 if below_country else -2 :])


def is_shared(domain: str) -> bool:
    """Whether strangers share this domain (free mail, providers, social networks), so that it tells of no company."""
    return domain in _shared_domains()


@cache
def _shared_domains() -> frozenset[str]:
    return frozenset(row["domain"] for row in rows("shared_domains.csv"))
