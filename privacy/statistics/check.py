"""Whether anybody who knows everything published could narrow a small cell (R156, I16).

A table whose cells, margins and total are each known within bounds is a flow: from a source to each row, through the
cells to the columns, to a sink, and back by the total. What one number may be follows from the cycles along which all
others can give way by one. Each cycle that is found is a table that would have been published just the same, so what
is counted here is never more than what an attacker is left with; tests hold it against integer programs.

The attacker of one release is told the totals of the rows exactly: other tables have them too. Who compares two
releases assumes that nobody left between them, so that no cell became smaller.
"""

from collections import deque
from dataclasses import dataclass, field, replace

from .rounding import NARROWEST, bounds, may_be_small

CELL, ROW, COLUMN, TOTAL = "cell", "row", "column", "total"
UP, DOWN = 1, -1


@dataclass(frozen=True)
class Flow:
    """The numbers of a table by name: ("cell", row, column), ("row", row), ("column", column), ("total",)."""

    counts: dict[tuple, int]
    limits: dict[tuple, tuple[int, int]]
    ends: dict[tuple, tuple] = field(init=False, repr=False)

    def __post_init__(self):
        object.__setattr__(self, "ends", {name: _ends(name) for name in self.counts})

    def has_room(self, name, step):
        lowest, highest = self.limits[name]
        return lowest <= self.counts[name] + step <= highest

    def strain(self):
        return sum((2 * self.counts[name] - sum(between)) ** 2 for name, between in self.limits.items())

    def moved(self, cycle):
        changed = self.counts | {name: self.counts[name] + step for name, step in cycle}
        return replace(self, counts=changed)

    def cycle(self, target, step, has_room):
        """[(name, step)] of what must change for `target` to change by `step`; None where something cannot."""
        if not has_room(target, step):
            return None
        tail, head = self.ends[target]
        start, end = (head, tail) if step == UP else (tail, head)
        ways = {}
        for name, (source, sink) in self.ends.items():
            if name != target:
                ways.setdefault(source, []).append((name, UP, sink))
                ways.setdefault(sink, []).append((name, DOWN, source))
        came, waiting = {start: None}, deque([start])
        while waiting and end not in came:
            place = waiting.popleft()
            for name, direction, onward in ways.get(place, ()):
                if onward not in came and has_room(name, direction):
                    came[onward] = (place, name, direction)
                    waiting.append(onward)
        if end not in came:
            return None
        found, place = [(target, step)], end
        while came[place]:
            place, name, direction = came[place]
            found.append((name, direction))
        return found


def _ends(name):
    match name:
        case (kind, row, column) if kind == CELL:
            return (ROW, row), (COLUMN, column)
        case (kind, row) if kind == ROW:
            return (TOTAL, "in"), (ROW, row)
        case (kind, column) if kind == COLUMN:
            return (COLUMN, column), (TOTAL, "out")
        case _:
            return (TOTAL, "out"), (TOTAL, "in")


def numbers(counts):
    """{name: count} of cells, margins and total of {(row, column): count}."""
    found = {(CELL, row, column): count for (row, column), count in counts.items()}
    for (row, column), count in counts.items():
        for name in ((ROW, row), (COLUMN, column), (TOTAL,)):
            found[name] = found.get(name, 0) + count
    return found


def limits(published):
    """{name: (lowest, highest)} of {name: published value}."""
    return {name: bounds(value, is_margin=name[0] != CELL) for name, value in published.items()}


def narrowed(counts, published):
    """The cells, as (row, column), that could be narrowed from this release alone: `published` values of `counts`."""
    exact = {name: (count, count) for name, count in counts.items() if name[0] in (ROW, TOTAL)}
    flow = Flow(counts, limits(published) | exact)
    return [name[1:] for name in _small(published) if _values(flow, name) < NARROWEST]


def narrowed_by_difference(counts, published, earlier, before, within):
    """The cells of this release that are to be merged because of what was published `before`, {name: value}.

    `earlier`: what `counts` says, in the rows and columns of then. `within` leads from each cell of then to the one of
    now, which may hold more. A cell of then, a cell of now, and by how much they differ: each must keep its values.
    """
    true = _pair(Flow(counts, limits(published)), Flow(earlier, limits(before)), within)
    if true is None:
        return [] if _somebody_left(published, before, within) else [name[1:] for name in _small(published)]
    pairs = [true, true.eased()]
    found = {name for name in _small(published) if _spread(pairs, _Pair.change_now, name) < NARROWEST}
    found |= {name for name in true.gaps() if _spread(pairs, _Pair.change_difference, name) < NARROWEST}
    found |= {within[name] for name in _small(before) if _spread(pairs, _Pair.change_then, name) < NARROWEST}
    return sorted(name[1:] for name in found)


def _spread(pairs, change, name):
    """From the least to the most, how many values there are for what `change(pair, name, step)` changes."""
    ends = set()
    for pair in pairs:
        for step in (UP, DOWN):
            moved = pair
            while moved and len(ends) < NARROWEST:
                ends.add(moved.value(change, name))
                moved = change(moved, name, step)
    return max(ends) - min(ends) + 1


@dataclass(frozen=True)
class _Pair:
    """What both releases may have been made of, if nobody left in between."""

    now: Flow
    then: Flow
    within: dict[tuple, tuple]

    def gaps(self):
        """{cell of now: how many came since}"""
        gaps = {name: self.now.counts[name] for name in self.within.values()}
        for name, merged in self.within.items():
            gaps[merged] -= self.then.counts[name]
        return gaps

    def value(self, change, name):
        if change is _Pair.change_difference:
            return self.gaps()[name]
        return (self.now if change is _Pair.change_now else self.then).counts[name]

    def strain(self):
        """How close the numbers are to their limits."""
        return self.now.strain() + self.then.strain()

    def eased(self):
        """The same as seen from further inside of the limits, from where more can be tried."""
        pair, strain, is_better = self, self.strain(), True
        while is_better:
            is_better = False
            for then, now in self.within.items():
                for names in ({"now": now, "then": then}, {"now": now}, {"then": then}):
                    for step in (UP, DOWN):
                        moved = pair.moved(step, **names)
                        if moved and moved.strain() < strain:
                            pair, strain, is_better = moved, moved.strain(), True
        return pair

    def change_now(self, name, step):
        return self.moved(step, now=name) or self.moved(step, now=name, then=name)

    def change_then(self, name, step):
        return self.moved(step, then=name) or self.moved(step, now=name, then=name)

    def change_difference(self, name, step):
        members = [member for member, merged in self.within.items() if merged == name]
        changes = (self.moved(step, now=name), *(self.moved(-step, then=member) for member in members))
        wanted = self.gaps()[name] + step
        # What one member loses another one may get.
        return next((pair for pair in changes if pair and pair.gaps()[name] == wanted), None)

    def moved(self, step, *, now=None, then=None):
        """The pair with these cells changed, both along the same cycle; None where that is not possible."""
        flows = [flow for flow, name in ((self.now, now), (self.then, then)) if name]
        if now and then and self.now.ends != self.then.ends:
            return None
        gaps = self.gaps()

        def has_room(name, direction):
            closes = not (now and then) and name[0] == CELL and direction == (UP if then else DOWN)
            if closes and gaps[self.within[name] if then else name] == 0:
                return False
            return all(flow.has_room(name, direction) for flow in flows)

        cycle = flows[0].cycle(now or then, step, has_room)
        if cycle is None:
            return None
        pair = replace(
            self, now=self.now.moved(cycle) if now else self.now, then=self.then.moved(cycle) if then else self.then
        )
        return pair if min(pair.gaps().values()) >= 0 else None


def _pair(now, then, within):
    """A pair to begin from, or None: what is `now`, with as little less `then` as its limits ask."""
    most = {name: count for name, count in then.counts.items() if name[0] == CELL}

    def has_room(name, step):
        """Nothing moves further out of its limits."""
        count, (lowest, highest) = then.counts[name], then.limits[name]
        highest = min(highest, most.get(name, highest))
        return count + step <= max(highest, count) and count + step >= min(lowest, count)

    while outside := [name for name, count in then.counts.items() if _outside(count, then.limits[name])]:
        name = outside[0]
        cycle = then.cycle(name, DOWN if then.counts[name] > then.limits[name][1] else UP, has_room)
        if cycle is None:
            return None
        then = then.moved(cycle)
    return _Pair(now, then, within)


def _outside(count, between):
    lowest, highest = between
    return not lowest <= count <= highest


def _somebody_left(published, before, within):
    """Whether what is published alone shows that a number became smaller."""
    shapes_agree = {name: name for name in before if name[0] != CELL and name in published} | within
    least, most = {}, {}
    for name, merged in shapes_agree.items():
        least[merged] = least.get(merged, 0) + bounds(before[name], is_margin=name[0] != CELL)[0]
        most[merged] = bounds(published[merged], is_margin=merged[0] != CELL)[1]
    return any(least[name] > most[name] for name in least)


def _small(published):
    return [name for name, value in published.items() if name[0] == CELL and may_be_small(value)]


def _values(flow, target):
    """How many values, as far as they matter, `target` may have."""
    found = 1
    for step in (UP, DOWN):
        moved = flow
        while found < NARROWEST and (cycle := moved.cycle(target, step, moved.has_room)):
            moved, found = moved.moved(cycle), found + 1
    return found
