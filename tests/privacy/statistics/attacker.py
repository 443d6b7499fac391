"""Whoever has everything that was published, and a solver: how far each number can be narrowed.

What a reader knows of a value stands here once more, and not in the words of the publisher.
"""

from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# Published margins are of ten or more.
SMALLEST = 10


def from_rounded(at, value):
    """What was rounded to the nearest ten; None in `at` is the sum over all."""
    return max(value - 5, SMALLEST if None in at else 0), value + 4


class Release:
    """{at: (lowest, highest)} of all numbers, and which codes each cell holds."""

    def __init__(self, known, members=None):
        self.known = known
        self.cells = [at for at in known if None not in at]
        self.members = members or {at: {at} for at in self.cells}

    @classmethod
    def of(cls, content):
        """What `privacy.statistics` published."""
        known = {tuple(one["at"]): from_rounded(one["at"], one["count"]) for one in content["numbers"]}
        held = [{one["code"]: one["members"] for one in dimension["categories"]} for dimension in content["dimensions"]]
        members = {
            at: {*product(*(those[code] for those, code in zip(held, at, strict=True)))}
            for at in known
            if None not in at
        }
        return cls(known, members)

    def may_be_small(self):
        return [at for at in self.cells if self.known[at][0] < SMALLEST]


class Attacker:
    """Of one release, or of two between which nobody left. Each cell has a whole number of members."""

    def __init__(self, *releases):
        self.cells = [(i, at) for i, release in enumerate(releases) for at in release.cells]
        self.rows, self.lowest, self.highest = [], [], []
        for i, release in enumerate(releases):
            for at, between in release.known.items():
                inside = [(i, cell) for cell in release.cells if _belongs(cell, at)]
                self.learn(dict.fromkeys(inside, 1), *between)
        if len(releases) == 2:
            for at in releases[1].cells:
                self.learn(came_since(*releases, at), 0, np.inf)

    def learn(self, weights, lowest, highest):
        self.rows.append(self._row(weights))
        self.lowest.append(lowest)
        self.highest.append(highest)

    def candidates(self, weights):
        """From the least to the most, how many values the weighted sum may have; None where nothing fits at all."""
        ends = [self._least(sign * self._row(weights)) for sign in (1, -1)]
        return None if None in ends else round(-ends[1]) - round(ends[0]) + 1

    def _row(self, weights):
        return np.array([weights.get(cell, 0) for cell in self.cells])

    def _least(self, objective):
        found = milp(
            objective,
            constraints=LinearConstraint(np.array(self.rows), self.lowest, self.highest),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds(0, 10_000),
        )
        return found.fun if found.success else None


def came_since(then, now, at):
    """The weights of how many came, between two releases, into a cell of the later one."""
    inside = [cell for cell in then.cells if then.members[cell] <= now.members[at]]
    return {(1, at): 1} | {(0, cell): -1 for cell in inside}


def _belongs(cell, at):
    return all(ours in (None, theirs) for ours, theirs in zip(at, cell, strict=True))
