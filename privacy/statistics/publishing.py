"""`publish` is the only way out for statistics (R156): what leaves is rounded, checked, and frozen for good.

A table has one release a month, or a refusal for that month: nobody can ask again until the numbers suit them. What was
merged in a table of two dimensions stays merged in the next release, so that splitting it tells nothing.
"""

import hashlib
import json
from dataclasses import dataclass
from itertools import product

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from .. import audit
from ..models import Release
from . import check
from .check import CELL
from .merging import TooFew, merged, merged_once_more, name_of
from .rounding import SMALLEST, rounded

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Outcome:
    """What becomes of a table: the content of its release, or None where it is refused."""

    table: str
    title: dict[str, str]
    content: dict | None


def publish(table, *, by=None, at=None):
    """The `Release` of `table` for this month; the one that it has already, if it has one. Without content, if refused.

    `by`: the member of staff who asked, or None for the schedule. Another moment (`at`) only for an invented history.
    """
    at = at or timezone.now()
    month = timezone.localdate(at).replace(day=1)
    release = Release.objects.filter(table=table.key, month=month).first()
    if release is not None:
        return release
    content = outcome(table).content
    # Who publishes at the same moment may be first.
    release, is_new = Release.objects.get_or_create(
        table=table.key,
        month=month,
        defaults={"published_at": at, "content": content, "digest": _digest(content) if content else ""},
    )
    if is_new:
        act = gettext_noop("statistics published") if content else gettext_noop("statistics refused")
        audit.record(by, act, release, table=table.key)
    return release


def outcome(table):
    """What `publish` would write; nothing is written."""
    last = Release.objects.filter(table=table.key, content__isnull=False).first()
    try:
        content = _content(table, last and last.content)
    except TooFew:
        content = None
    return Outcome(table.key, _in_languages(table.title), content)


def _content(table, last):
    if not table.adds_up:
        return _as_published(table, *_cells_by_themselves(table))
    units = [
        merged(
            dimension, table.margin(position), _units(dimension, position, last if len(table.dimensions) > 1 else None)
        )
        for position, dimension in enumerate(table.dimensions)
    ]
    while True:
        counts = _summed(table.counts, units)
        values = {codes: rounded(count) for codes, count in _with_margins(counts).items()}
        unsafe = _unsafe(table, units, counts, values, last) if len(units) > 1 else []
        if not unsafe:
            return _as_published(table, units, values)
        _row, column = unsafe[0]
        units[1] = merged_once_more(table.dimensions[1], table.margin(1), units[1], column)


def _unsafe(table, units, counts, values, last):
    """The cells, as (row, column), that these numbers and the last release would narrow too much."""
    true, published = check.numbers(counts), _numbers(values)
    found = check.narrowed(true, published)
    if found or last is None:
        return found
    then = [[tuple(category["members"]) for category in dimension["categories"]] for dimension in last["dimensions"]]
    before = _numbers({_key(cell["at"], then, last): cell["count"] for cell in last["numbers"]})
    within = {
        (CELL, *cell): (CELL, *(_around(unit, now) for unit, now in zip(cell, units, strict=True)))
        for cell in product(*then)
    }
    earlier = check.numbers(_summed(table.counts, then))
    return check.narrowed_by_difference(true, published, earlier, before, within)


def _units(dimension, position, last):
    """What is told apart at best: each category, or what the last release told apart."""
    alone = [(category.code,) for category in dimension.categories]
    if last is None:
        return alone
    before = [tuple(category["members"]) for category in last["dimensions"][position]["categories"]]
    if sorted(sum(before, ())) != sorted(sum(alone, ())):
        # With other categories it is another table, for the next to be held against, and needs another key.
        raise TooFew
    return before


def _around(unit, units):
    return next(one for one in units if {*unit} <= {*one})


def _summed(counts, units):
    """{units: count}"""
    places = [{code: unit for unit in those for code in unit} for those in units]
    summed = dict.fromkeys(product(*units), 0)
    for codes, count in counts.items():
        summed[tuple(place[code] for place, code in zip(places, codes, strict=True))] += count
    return summed


def _with_margins(counts):
    """The same with sums, in which None stands for all."""
    found = dict(counts)
    for codes, count in counts.items():
        for kept in product(*([True, False] for _code in codes)):
            if not all(kept):
                at = tuple(code if is_kept else None for code, is_kept in zip(codes, kept, strict=True))
                found[at] = found.get(at, 0) + count
    return found


def _numbers(values):
    """Of a table of two dimensions, {name of `check`: value}."""
    names = {}
    for (row, column), value in values.items():
        if row and column:
            names[CELL, row, column] = value
        else:
            names[(check.ROW, row) if row else (check.COLUMN, column) if column else (check.TOTAL,)] = value
    return names


def _cells_by_themselves(table):
    """Only those of enough, and only the categories that have one."""
    values = {tuple((code,) for code in codes): rounded(n) for codes, n in table.counts.items() if n >= SMALLEST}
    if not values:
        raise TooFew
    units = [
        [(one.code,) for one in dimension.categories if any(at[position] == (one.code,) for at in values)]
        for position, dimension in enumerate(table.dimensions)
    ]
    return units, values


def _as_published(table, units, values):
    """What is kept and shown: no number in it that is not rounded."""
    codes = [{unit: f"group-{n}" if len(unit) > 1 else unit[0] for n, unit in enumerate(those, 1)} for those in units]
    return {
        "title": _in_languages(table.title),
        "unit": _in_languages(table.unit),
        "chart": table.chart,
        "dimensions": [
            {
                "key": dimension.key,
                "name": _in_languages(dimension.name),
                "categories": [
                    {
                        "code": code,
                        "members": list(unit),
                        "name": {language: name_of(dimension, unit, language) for language in LANGUAGES},
                    }
                    for unit, code in named.items()
                ],
            }
            for dimension, named in zip(table.dimensions, codes, strict=True)
        ],
        "numbers": [
            {
                "at": [unit and named[unit] for unit, named in zip(at, codes, strict=True)],
                "count": value,
            }
            for at, value in values.items()
        ],
    }


def _key(at, units, last):
    """The units of a number of an earlier release."""
    places = [
        {category["code"]: unit for category, unit in zip(dimension["categories"], those, strict=True)}
        for dimension, those in zip(last["dimensions"], units, strict=True)
    ]
    return tuple(code and place[code] for code, place in zip(at, places, strict=True))


def _in_languages(name):
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(name(language))
    return found


def _digest(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
