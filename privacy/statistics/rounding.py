"""Rounding, and what a reader can conclude from it."""

# A margin of fewer is not published. To this base everything is rounded, each number by itself.
SMALLEST = 10
BASE = 10
# So many values a small cell must keep, whatever is calculated from everything published.
NARROWEST = 3


def rounded(count):
    """`count` to the nearest ten, five upwards: always the same, so that many releases are no average of it."""
    return (count + BASE // 2) // BASE * BASE


def bounds(value, *, is_margin=False):
    """(lowest, highest) of what may have been rounded to `value`; a margin is known not to be small."""
    lowest = max(value - BASE // 2, SMALLEST if is_margin else 0)
    return lowest, value + BASE // 2 - 1


def may_be_small(value):
    """Whether a cell that shows `value` may hold fewer than are published of a margin."""
    return bounds(value)[0] < SMALLEST
