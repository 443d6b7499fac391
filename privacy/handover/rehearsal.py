"""Invented rows: the recipient opens them before it gets anybody's (R061). Nobody's data are in them."""

ROWS = 3


def rows(names):
    """Rows of as many cells as `names`, each saying that it is invented."""
    return [[str(number), *(f"Rehearsal 訓練 {name} {number}" for name in names)] for number in range(1, ROWS + 1)]
