"""Invented tables."""

from datetime import datetime

from django.utils import timezone

from privacy.statistics import Category, Dimension, Table

PLACES = ["directory.Listing.country", "directory.Listing.employees_band"]


def dimension(codes, *, key="kind", place=PLACES[0], groups=None, is_ordered=False):
    """`groups`: {code: group}."""
    groups = groups or {}
    return Dimension(
        key,
        place,
        lambda language: "Kind" if language == "en" else "種類",
        tuple(Category(code, lambda language, code=code: code.upper(), groups.get(code, "")) for code in codes),
        {group: lambda language, group=group: group.title() for group in groups.values()},
        is_ordered,
    )


def list_of(counts, key="list", **options):
    """A table of one dimension, of {code: count}."""
    return table(key, (dimension([*counts], **options),), {(code,): count for code, count in counts.items()})


def crossed(rows, key="crossed", *, is_ordered=False):
    """A table of two dimensions, of a list of rows."""
    across = dimension([f"r{i}" for i in range(len(rows))], key="side", place=PLACES[1])
    down = dimension([f"c{i}" for i in range(len(rows[0]))], is_ordered=is_ordered)
    counts = {(f"r{i}", f"c{j}"): count for i, row in enumerate(rows) for j, count in enumerate(row)}
    return table(key, (across, down), counts)


def table(key, dimensions, counts, **options):
    return Table(key, lambda language: "Title", lambda language: "Operators", dimensions, counts, **options)


def moment(month, day=1):
    """When something was published, in 2026."""
    return datetime(2026, month, day, 5, 10, tzinfo=timezone.get_default_timezone())
