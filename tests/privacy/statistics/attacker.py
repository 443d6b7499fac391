"""Whoever has everything that was published, and a solver: how far each number can be narrowed.

A release is {code of row or None, code of column or None): published value}; None is the sum over all. What a reader knows of
a value stands here once more, and not in the words of the publisher.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# Published margins are of ten or more.
SMALLEST = 10


def known(at, value):
    """What was rounded to the nearest ten."""
    return max(value - 5, SMALLEST if None in at else 0), value + 4


class Attacker:
    """Of one release, or of two between which nobody left. Each cell has whole numbers of members."""

    def __init__(self, *releases):
        self.cells = [(i, at) for i, release in enumerate(releases) for at in release if None not in at]
        self.places = {cell: n for n, cell in enumerate(self.cells)}
        self.rows, self.lowest, self.highest = [], [], []
        for i, release in enumerate(releases):
            for at, value in release.items():
                members = [
                    (j, cell)
                    for j, cell in self.cells
                    if j == i and all(ours in (None, theirs) for ours, theirs in zip(at, cell, strict=True))
                ]
                self.learn({member: 1 for member in members}, *known(at, value))
        if len(releases) == 2:
            for at in releases[0]:
                if None not in at:
                    self.learn({(1, at): 1, (0, at): -1}, 0, np.inf)

    def learn(self, weights, lowest, highest):
        row = np.zeros(len(self.cells))
        for cell, weight in weights.items():
            row[self.places[cell]] = weight
        self.rows.append(row)
        self.lowest.append(lowest)
        self.highest.append(highest)

    def candidates(self, weights):
        """How many values the sum of weighted cells may have; 0 where the assumptions contradict what is published."""
        row = np.zeros(len(self.cells))
        for cell, weight in weights.items():
            row[self.places[cell]] = weight
        ends = [self._least(sign * row) for sign in (1, -1)]
        return 0 if None in ends else round(-ends[1]) - round(ends[0]) + 1

    def _least(self, objective):
        found = milp(
            objective,
            constraints=LinearConstraint(np.array(self.rows), self.lowest, self.highest),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds(0, np.inf),
        )
        return found.fun if found.success else None
