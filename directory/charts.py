"""Charts of published tables, as numbers that a template draws: no script, no library, nothing that the table lacks.

Measures are units of a drawing `WIDTH` wide, which is about what a telephone shows.
"""

from dataclasses import dataclass, field

WIDTH = 320
LINE, BAR, GAP = 18, 11, 12
# Beside a bar stands its number.
LONGEST = WIDTH - 48
LEFT, RIGHT, TOP, BOTTOM = 34, 88, 10, 24
TALL = 220


@dataclass(frozen=True)
class Bar:
    series: int
    y: float
    width: float
    text: str


@dataclass(frozen=True)
class Row:
    label: str
    y: float
    bars: list[Bar]


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    series: int
    points: list[Point]
    text: str
    text_y: float

    @property
    def path(self):
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def end(self):
        return self.points[-1]


@dataclass(frozen=True)
class Tick:
    place: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Chart:
    height: float
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    rows: list[Row] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    across: list[Tick] = field(default_factory=list)
    up: list[Tick] = field(default_factory=list)


def bars(labels, series, written):
    """`labels` of the rows, and for each of one or two `series` its values in their order, None where there is none;
    `written(value)` is how a number is read."""
    most = max([value for values in series for value in values if value is not None] + [1])
    rows, y = [], 0
    for place, label in enumerate(labels):
        drawn = [
            Bar(
                number,
                y + LINE + number * (BAR + 5),
                values[place] / most * LONGEST,
                written(values[place]),
            )
            for number, values in enumerate(series)
            if values[place] is not None
        ]
        rows.append(Row(label, y + LINE - 5, drawn))
        y += LINE + len(series) * (BAR + 5) + GAP - 5
    return Chart(y, rows=rows)


def lines(labels, series, names, written):
    """The same over time, one line for each series."""
    most = max([value for values in series for value in values if value is not None] + [1])
    step = _step(most)
    top = -(-most // step) * step

    def across(place):
        return LEFT + (WIDTH - LEFT - RIGHT) * (place / max(len(labels) - 1, 1))

    def up(value):
        return TOP + (TALL - TOP - BOTTOM) * (1 - value / top)

    drawn = []
    for number, values in enumerate(series):
        points = [Point(across(place), up(value)) for place, value in enumerate(values) if value is not None]
        if points:
            last = next(value for value in reversed(values) if value is not None)
            drawn.append(Line(number, points, f"{names[number]} {written(last)}", points[-1].y + 4))
    return Chart(
        TALL,
        lines=_apart(drawn),
        across=[
            Tick(across(place), labels[place], anchor) for place, anchor in {0: "start", len(labels) - 1: "end"}.items()
        ],
        up=[Tick(up(value), written(value)) for value in range(0, top + 1, step)],
    )


def _step(most):
    """A round step for at most five lines."""
    step = 10
    for factor in (2, 2.5, 2) * 10:
        if most / step <= 5:
            break
        step = int(step * factor)
    return step


def _apart(drawn):
    """Texts at the ends of lines, not over each other."""
    moved, highest = {}, None
    for line in sorted(drawn, key=lambda line: line.text_y):
        y = line.text_y if highest is None else max(line.text_y, highest + 16)
        moved[line.series], highest = y, y
    return [Line(line.series, line.points, line.text, moved[line.series]) for line in drawn]
