"""What differs between two texts, paragraph by paragraph and inside each changed one (R007)."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from .rendering import DIRECTIVES, as_text

# Less in common than this, and a paragraph was replaced rather than changed.
ALIKE = 0.4
# A unit of comparison: a heading, an item of a list, a row of a table, or a paragraph.
BEGINS = re.compile(r"^\s*(#{1,6}\s|[-*+]\s|\d+\.\s|\||\[\[)")
RULER = re.compile(r"^\|[\s:|-]+\|?$")
# Words of what is written with blanks; of Japanese, signs.
TOKEN = re.compile(r"[A-Za-z0-9À-ɏ'’-]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """`kind`: same, changed, added, removed. `old` and `new` are lists of (text, whether it is part of the change);
    `count` paragraphs stand in a row that is the same."""

    kind: str
    old: tuple = ()
    new: tuple = ()
    count: int = 1


def rows(old, new):
    """The `Row`s between two Markdown texts."""
    before, after = paragraphs(old), paragraphs(new)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Row("same", count=b - a))
        else:
            found += _replaced(before[a:b], after[c:d])
    return found


def paragraphs(text):
    """The units of a Markdown text, as plain text; of a directive, its name."""
    units, current = [], []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        if (not line.strip() or BEGINS.match(line)) and current:
            units.append("\n".join(current))
            current = []
        if line.strip() and not RULER.match(line.strip()):
            current.append(line.strip())
    return [plain for plain in map(_plain, units) if plain]


def _plain(unit):
    directive = re.fullmatch(r"\[\[([a-z]+)\]\]", unit)
    if directive and directive[1] in DIRECTIVES:
        return unit
    if unit.startswith("|"):
        unit = " | ".join(cell.strip() for cell in unit.strip("|").split("|"))
    return as_text(unit)


def _replaced(before, after):
    """Pairs what resembles each other; the rest was removed or added."""
    for old, new in zip_longest(before, after):
        if old is None or new is None or SequenceMatcher(None, old, new, autojunk=False).ratio() < ALIKE:
            if old is not None:
                yield Row("removed", old=((old, True),))
            if new is not None:
                yield Row("added", new=((new, True),))
        else:
            yield _changed(TOKEN.findall(old), TOKEN.findall(new))


def _changed(old, new):
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_change = kind != "equal"
        if b > a:
            left.append(("".join(old[a:b]), is_change))
        if d > c:
            right.append(("".join(new[c:d]), is_change))
    return Row("changed", tuple(left), tuple(right))
