"""Text to lexemes, and a person's query to a tsquery over them. No dictionary, no configuration of the database.

A run of Japanese, Chinese or Korean characters becomes its pairs, its triples and its last character, so that words of
one and two characters are found without knowing where a word ends. Every other word becomes itself, its plural folded.
Both sides pass through `fold`. A middle dot separates a prefix from its value and is never part of a word, so nothing
typed can imitate one:

    旅館, hotel       anywhere in the listing
    n·旅館            in a name
    t·旅館            in a tag (names of categories, areas, languages, attributes)
    e·momijiinn       a whole name, without spaces and company form
    fc·acc-02         a facet, see FACETS
"""

import re
import unicodedata
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField, Value

MAX_QUERY = 200
MAX_TERMS = 20
MAX_WORD = 60

FACETS = {
    "category": "fc",
    "area": "fa",
    "country": "fo",
    "language": "fl",
    "attribute": "ft",
    "employees": "fe",
    "buyer": "fb",
}

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"
CJK = f"{HAN}{KATAKANA}\u3041-\u309f\uac00-\ud7a3"
RUN = re.compile(f"(?P<run>[{CJK}]+)|(?:(?![{CJK}])[^\\W_])+")

TO_KATAKANA = {code: code + 0x60 for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
# The form used in a name beside the usual one, and letters that have no decomposition.
VARIANTS = str.maketrans(
    "髙﨑嵜澤濵濱邊邉齋齊斉廣國嶋嶌櫻龍瀧眞惠壽圓學會藝榮德寶舊條靜實驛縣"
    "與冨曾曻𠮷舘鷗麴點鐵體觀佛關淺萬禮彌龜繩獨巖嚴樂檜鹽醬麵ヶヵøđłı",
    "高崎崎沢浜浜辺辺斎斎斎広国島島桜竜滝真恵寿円学会芸栄徳宝旧条静実駅県"
    "与富曽昇吉館鴎麹点鉄体観仏関浅万礼弥亀縄独巌厳楽桧塩醤麺ケカodli",
)
# Variation selectors, zero-width characters, accents of decomposed Latin letters (not the voicing marks of kana).
UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f]")
# King's is one word; so are K.K. and ザ・リッツ. 霞ヶ関 is also written 霞が関.
INSIDE_A_WORD = re.compile(
    f"(?<=[^\\W_])['’](?=[^\\W_])|(?<=\\b[a-z])\\.(?=[a-z]\\b)|(?<=[{KATAKANA}])・(?=[{KATAKANA}])"
)
GA = re.compile(f"(?<=[{HAN}])ガ(?=[{HAN}])")
# Fewer than `accounts.normalise` knows: a spa is a bath here, and no S.p.A.
COMPANY_FORM = re.compile(
    r"株式会社|有限会社|合同会社|\((?:株|有|同)\)"
    r"|[\s,]+(?:co\.?,?\s*ltd|pty\.?\s*ltd|ltd|limited|inc|kk|llc|gmbh)\.?\s*\Z"
)
# Words that narrow nothing: "hotels in Asakusa".
EMPTY_WORDS = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


def fold(text):
    """One spelling for what a reader takes for the same: width, case, kana, variants of a character, accents."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFC", UNSEEN.sub("", text)).translate(TO_KATAKANA).translate(VARIANTS)
    return GA.sub("ケ", INSIDE_A_WORD.sub("", text))


def singular(word):
    """hotels and hotel, activities and activity, churches and church alike: no grammar, only one answer for both."""
    if not (word.isascii() and word.isalpha() and len(word) > 3):
        return word
    stem = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    if len(stem) > 4 and stem.endswith("ie"):
        return stem[:-2] + "y"
    return re.sub(r"(?<=ss|sh|ch)e\Z|(?<=x|z)e\Z|(?<=[^aeiou]us)e\Z", "", stem)


def pieces(folded):
    """The runs and words of a folded text, each with whether it is a run."""
    for match in RUN.finditer(folded):
        if match["run"]:
            yield match[0], True
        else:
            yield singular(match[0][:MAX_WORD]), False


def grams(run, size):
    """All neighbours of `size` characters. The 京都 in 東京都 is not Kyoto."""
    for start in range(len(run) - size + 1):
        gram = run[start : start + size]
        if gram != "京都" or run[start - 1 : start] != "東":
            yield gram


def words(folded):
    """All lexemes, without prefix, under which a folded text is found."""
    for piece, is_run in pieces(folded):
        if is_run:
            yield from grams(piece, 2)
            yield from grams(piece, 3)
            yield piece[-1]
        else:
            yield piece


def core(folded):
    """The runs and words that tell something: without company form and empty words, unless there is nothing else."""
    found = list(pieces(COMPANY_FORM.sub(" ", folded))) or list(pieces(folded))
    return [piece for piece in found if piece[0] not in EMPTY_WORDS] or found


def whole(folded):
    """A name as one lexeme, to find it by all of it or by how it begins."""
    return "".join(piece for piece, _ in core(folded))[:MAX_WORD]


def facet(kind, code):
    return f"{FACETS[kind]}·{code.lower()}"


def document_tokens(names, tags, body, facets=()):
    """The lexemes of one listing, for `Document`: iterables of texts, and pairs of facet and code."""
    lexemes = {facet(kind, code) for kind, code in facets}
    for name in map(fold, names):
        found = set(words(name))
        lexemes |= found | {f"n·{word}" for word in found}
        if key := whole(name):
            lexemes.add(f"e·{key}")
    for tag in map(fold, tags):
        found = set(words(tag))
        lexemes |= found | {f"t·{word}" for word in found}
    for text in map(fold, body):
        lexemes.update(words(text))
    return sorted(lexemes)


def quoted(lexeme, *, prefix=False):
    """A lexeme as a literal inside a tsquery: nothing in it is an operator."""
    literal = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{literal}'{':*' if prefix else ''}"


@dataclass(frozen=True)
class Term:
    """One lexeme that must occur; with `prefix`, one that begins so."""

    lexeme: str
    prefix: bool = False

    def under(self, *prefixes):
        return "|".join(quoted(prefix + self.lexeme, prefix=self.prefix) for prefix in prefixes)


@dataclass(frozen=True)
class Query:
    """What a person looks for. False if there is no word in it."""

    terms: tuple[Term, ...]
    key: str

    def __bool__(self):
        return bool(self.terms)

    def _all(self, *prefixes):
        return "&".join(f"({term.under(*prefixes)})" for term in self.terms)

    @property
    def anywhere(self):
        """tsquery of everything that is found: use it for totals and facet counts."""
        return self._all("")

    @property
    def tiers(self):
        """tsqueries that divide what is found, best first.

        The whole name, how a name begins, in names, in names and tags, the rest.
        """
        better = [quoted(f"e·{self.key}"), quoted(f"e·{self.key}", prefix=True), self._all("n·"), self._all("n·", "t·")]
        divided = [f"({self.anywhere})&({tier})" for tier in better] + [f"({self.anywhere})"]
        return tuple(
            tier + "".join(f"&!({higher})" for higher in better[:position]) for position, tier in enumerate(divided)
        )


def query_tokens(text):
    """What `text` asks for. The rest of a long text is left."""
    folded = fold(text[:MAX_QUERY])[:MAX_QUERY]
    terms = []
    for piece, is_run in core(folded):
        if not is_run:
            terms.append(Term(piece))
        elif len(piece) == 1:
            terms.append(Term(piece, prefix=True))
        else:
            terms += [Term(gram) for gram in grams(piece, min(len(piece), 3))]
    return Query(tuple(dict.fromkeys(terms))[:MAX_TERMS], whole(folded))


def facet_query(selected):
    """tsquery of a selection {facet: codes}: any code of a facet, and that for every facet. Empty for no selection."""
    return "&".join(
        "({})".format("|".join(quoted(facet(kind, code)) for code in codes))
        for kind, codes in selected.items()
        if codes
    )


def both(*queries):
    """tsquery of what all of them find; empty ones narrow nothing."""
    return "&".join(f"({query})" for query in queries if query)


class Match(SearchQuery):
    """`doc=Match(tsquery)`: lexemes as they stand, where `to_tsquery` would parse and fold them once more."""

    template = "%(expressions)s::tsquery"


class Document(Func):
    """`doc=Document(document_tokens(...))`: a tsvector without positions."""

    function = "array_to_tsvector"
    template = "%(function)s(%(expressions)s::text[])"
    output_field = SearchVectorField()

    def __init__(self, lexemes):
        super().__init__(Value(list(lexemes), output_field=ArrayField(TextField())))
