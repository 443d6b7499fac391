"""What may be counted: tables over declared dimensions, whose categories are known before anybody is counted."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..declarations import DataClass, declared

# What says something about a business or nothing about anybody. Anything else is refused, whoever asks (R156).
COUNTABLE = {DataClass.BUSINESS, DataClass.NOT_PERSONAL}
DIMENSIONS = 2


class NotCountable(TypeError):
    """A table that no check could make harmless: of a personal column, of too many dimensions, or of no counts."""


@dataclass(frozen=True)
class Category:
    """`name(language)` is what readers see. Small ones of the same `group` are published together first."""

    code: str
    name: Callable[[str], str]
    group: str = ""


@dataclass(frozen=True)
class Dimension:
    """`place` is the column that is counted: "app.Model.field". Every value has its category in `categories`, and
    so has what could be and is not: an empty category is as small as one of three.

    Categories in order (`is_ordered`) are merged with a neighbour; others end in "Other", by way of their group, of
    which `groups` has the names.
    """

    key: str
    place: str
    name: Callable[[str], str]
    categories: tuple[Category, ...]
    groups: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    is_ordered: bool = False

    def __post_init__(self):
        if _class_of(self.place) not in COUNTABLE:
            raise NotCountable(f"{self.place} says something about a person")


@dataclass(frozen=True)
class Table:
    """Counts by one code of each dimension: {("13101",): 12}. What is missing is 0.

    `adds_up`: each that is counted stands in one cell, so that sums are published as well. Otherwise, as in a series
    over time, every cell is published by itself or not at all.
    """

    key: str
    title: Callable[[str], str]
    unit: Callable[[str], str]
    dimensions: tuple[Dimension, ...]
    counts: Mapping[tuple[str, ...], int]
    adds_up: bool = True
    # How pages draw it: "bars", or "line" where the last dimension is time.
    chart: str = "bars"

    def __post_init__(self):
        if not 1 <= len(self.dimensions) <= DIMENSIONS:
            raise NotCountable(f"{self.key} has {len(self.dimensions)} dimensions")
        known = [{category.code for category in dimension.categories} for dimension in self.dimensions]
        for codes, count in self.counts.items():
            if len(codes) != len(known) or any(code not in all_ for code, all_ in zip(codes, known, strict=True)):
                raise NotCountable(f"{self.key} counts what is no category")
            if type(count) is not int or count < 0:
                raise NotCountable(f"{self.key} holds something else than counts")

    def margin(self, position):
        """{code: how many} along one dimension."""
        totals = defaultdict(int)
        for codes, count in self.counts.items():
            totals[codes[position]] += count
        return totals


def _class_of(place):
    model, _dot, name = place.rpartition(".")
    found = next((one for one in declared() if one.model._meta.label == model), None)
    return found and found.classes.get(name)
