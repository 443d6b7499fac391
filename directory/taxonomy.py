"""The lists that a listing chooses from: codes in arrays of the listing, both names here, no database table.

The files in `directory/data/` are the source; the order of a file is the order on screen. Categories carry the IRTS
2008 group and the JSIC (revision 14) codes they correspond to. Markets are ISO 3166-1 codes; XN, XM and XO are
user-assigned. Places, countries and bands of employees belong to the operator and so to `accounts`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Term:
    """One entry of a list. `parent` is the code of its heading, empty for a heading and in lists of one level."""

    code: str
    name_en: str
    name_ja: str
    parent: str = ""

    def name(self, language=None):
        """The name in `language`, by default the reader's."""
        return self.name_ja if (language or get_language()) == "ja" else self.name_en


class Taxonomy:
    """A list of terms by code. An unknown code raises KeyError: whoever takes codes from outside checks `in`."""

    def __init__(self, terms):
        self._terms = {term.code: term for term in terms}
        self._headings = {term.parent for term in self if term.parent}

    def __iter__(self):
        return iter(self._terms.values())

    def __len__(self):
        return len(self._terms)

    def __contains__(self, code):
        return code in self._terms

    def __getitem__(self, code):
        return self._terms[code]

    def name(self, code, language=None):
        return self[code].name(language)

    def names(self, codes, language=None):
        """The names of `codes`, in their order."""
        return [self.name(code, language) for code in codes]

    @property
    def headings(self):
        """The upper level, in a list of two levels."""
        return [term for term in self if term.code in self._headings]

    def children(self, heading):
        return [term for term in self if term.parent == heading]

    def with_headings(self, codes):
        """`codes` and the headings above them, as a set: what a listing is found by."""
        return {*codes, *(self[code].parent for code in codes)} - {""}

    def choices(self, language=None):
        """For a form field, which may take this method itself: it is asked again for every reader.

        [(code, name)], in a list of two levels [(heading, [(code, name)])]; a heading cannot be chosen.
        """

        def pairs(terms):
            return [(term.code, term.name(language)) for term in terms]

        if not self._headings:
            return pairs(self)
        return [(heading.name(language), pairs(self.children(heading.code))) for heading in self.headings]


def rows_of(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(name):
    return Taxonomy(Term(row["code"], row["name_en"], row["name_ja"], row.get("parent", "")) for row in rows_of(name))


CATEGORIES = read("categories")
LANGUAGES = read("languages")
ATTRIBUTES = read("attributes")
BUYER_KINDS = read("buyer_kinds")
MARKETS = read("markets")
VISITOR_BANDS = read("visitor_bands")
GROUP_SIZES = read("group_sizes")
MONTHS = read("months")
# Kinds of traveller: what a seller offers and what a buyer looks for are the same codes, so that they meet.
SEGMENTS = Taxonomy(Term(term.code, term.name_en, term.name_ja) for term in ATTRIBUTES.children("guests"))
