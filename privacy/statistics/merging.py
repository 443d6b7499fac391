"""Which categories are published together because too few are in them, and how that is called."""

from collections import defaultdict

from django.utils.translation import gettext, override

from .rounding import SMALLEST


class TooFew(Exception):
    """Nothing is left to be told apart."""


def merged(dimension, totals, units):
    """Of `units`, tuples of codes, those that are published together: each has the smallest population or more.

    An empty category counts as small, or what is missing would be known to be nought.
    """

    def size(unit):
        return sum(totals[code] for code in unit)

    if dimension.is_ordered:
        found = list(units)
        while len(found) > 1 and size(smallest := min(found, key=size)) < SMALLEST:
            found = _with_a_neighbour(found, smallest, size)
    else:
        found = [unit for unit in units if size(unit) >= SMALLEST]
        small = [unit for unit in units if size(unit) < SMALLEST]
        rests = [sum(those, ()) for those in _by_group(dimension, small).values()]
        found += [rest for rest in rests if size(rest) >= SMALLEST]
        other = sum((rest for rest in rests if size(rest) < SMALLEST), ())
        while other and found and size(other) < SMALLEST:
            smallest = min(found, key=size)
            found.remove(smallest)
            other += smallest
        found += [other] if other else []
    return _told_apart(found, size)


def merged_once_more(dimension, totals, units, unit):
    """`units` with one of them merged into its smaller neighbour, or into the smallest other."""

    def size(one):
        return sum(totals[code] for code in one)

    if dimension.is_ordered:
        return _told_apart(_with_a_neighbour(units, unit, size), size)
    rest = [one for one in units if one != unit]
    if not rest:
        raise TooFew
    smallest = min(rest, key=size)
    return _told_apart([unit + smallest if one == smallest else one for one in rest], size)


def name_of(dimension, unit, language):
    """What readers call a unit."""
    with override(language):
        names = {category.code: category.name for category in dimension.categories}
        if len(unit) == 1:
            return str(names[unit[0]](language))
        if dimension.is_ordered:
            return gettext(", ").join(str(names[code](language)) for code in unit)
        groups = {category.group for category in dimension.categories if category.code in unit}
        group = groups.pop() if len(groups) == 1 else ""
        if not group:
            return gettext("Other")
        name = str(dimension.groups[group](language))
        is_whole = {*unit} == {category.code for category in dimension.categories if category.group == group}
        return name if is_whole else gettext("Elsewhere in %(place)s") % {"place": name}


def _told_apart(units, size):
    if len(units) < 2 or min(map(size, units)) < SMALLEST:
        raise TooFew
    return units


def _with_a_neighbour(units, unit, size):
    place = units.index(unit)
    neighbours = [other for other in (place - 1, place + 1) if 0 <= other < len(units)]
    if not neighbours:
        raise TooFew
    first = min(place, min(neighbours, key=lambda other: size(units[other])))
    return [*units[:first], units[first] + units[first + 1], *units[first + 2 :]]


def _by_group(dimension, units):
    groups = {category.code: category.group for category in dimension.categories}
    found = defaultdict(list)
    for unit in units:
        # What has no group of its own goes with all that has none.
        found[groups[unit[0]] if len({groups[code] for code in unit}) == 1 else ""].append(unit)
    return found
