"""Pictures for listings: calm abstract plates, drawn and not taken, with words for those who do not see them.

Each is a motif (bridge, waves, hills, cloth patterns) in a mood (dawn to night) from the portal's own colours, the same
for the same number. They go through the processing of uploads like any other file.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from math import cos, pi, sin
from multiprocessing import get_context
from random import Random

from PIL import Image, ImageDraw, ImageOps

from directory.photos import process_upload

SIZE = (720, 480)
# Starting processes takes about as long as this many pictures.
WORTH_PROCESSES = 12
# Drawn larger and then shrunk, which smooths the edges.
WIDE, HIGH = 1920, 1280


@dataclass(frozen=True)
class Mood:
    top: str
    bottom: str
    far: str
    near: str
    accent: str
    en: str
    ja: str


MOODS = (
    Mood("#fff3d4", "#f0a07c", "#c97a5c", "#a8431a", "#ffffff", "in the warm light of dawn", "夜明けの暖かな光"),
    Mood("#edf5f8", "#d9e9ef", "#86cbe6", "#0b4f6c", "#f6b73c", "on a clear day", "晴れた日の明るさ"),
    Mood("#e2e8e9", "#bcc8cb", "#76868c", "#52636a", "#edf5f8", "in soft rain", "やわらかな雨"),
    Mood("#0b4f6c", "#86cbe6", "#17394a", "#062c3d", "#f6b73c", "at dusk", "夕暮れ"),
    Mood("#04202d", "#0b4f6c", "#17394a", "#0d171d", "#f6b73c", "at night", "夜"),
    Mood("#e4f2ea", "#86d3a6", "#1b6441", "#11301f", "#ffffff", "in early summer green", "初夏の緑"),
    Mood("#d9e9ef", "#c8abec", "#5d3a86", "#062c3d", "#fff3d4", "in the violet of evening", "宵の紫"),
)


def processed(wanted):
    """{(kind, number): (directory's Pictures, alternatives)} of every picture in `wanted`, many by all processors."""
    if len(wanted) < WORTH_PROCESSES:
        return {one: _processed(one) for one in wanted}
    # Started afresh: a fork would share the database connections.
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        return dict(zip(wanted, pool.map(_processed, wanted, chunksize=8), strict=True))


def _processed(wanted):
    file, alternatives = picture(*wanted)
    return process_upload(file), alternatives


def picture(kind, number):
    """(file, {"alternative_en": …, "alternative_ja": …}) of a plate. `kind`: a key of MOTIFS."""
    random = Random(f"{kind} {number}")  # noqa: S311 - the same every time
    mood = MOODS[(number * 3 + len(kind)) % len(MOODS)]
    draw_motif, english, japanese = MOTIFS[kind]
    image = _sky(mood)
    draw_motif(ImageDraw.Draw(image), random, mood)
    out = BytesIO()
    image.resize(SIZE, Image.Resampling.BOX).save(out, "JPEG", quality=92)
    out.seek(0)
    return out, {
        "alternative_en": f"Abstract picture: {english} {mood.en}.",
        "alternative_ja": f"抽象画。{japanese}、{mood.ja}。",
    }


def _sky(mood):
    gradient = Image.linear_gradient("L").resize((WIDE, HIGH))
    return ImageOps.colorize(gradient, mood.top, mood.bottom)


def _sun(draw, random, mood):
    x, y, radius = random.randint(400, WIDE - 400), random.randint(260, 480), random.randint(70, 130)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=mood.accent)


def _ridge(draw, random, base, height, colour):
    """A line of hills from edge to edge, filled downwards."""
    waves = [(random.uniform(1, 3.5), random.uniform(0, 2 * pi), height / (n + 1)) for n in range(3)]
    points = [
        (x, base - sum(size * sin(speed * pi * x / WIDE + phase) for speed, phase, size in waves))
        for x in range(0, WIDE + 24, 24)
    ]
    draw.polygon([*points, (WIDE, HIGH), (0, HIGH)], fill=colour)


def _water(draw, random, top, mood):
    draw.rectangle((0, top, WIDE, HIGH), fill=mood.far)
    for y in range(top + 24, HIGH, 34):
        for _line in range(4):
            x, length = random.randint(-100, WIDE), random.randint(80, 420)
            draw.line((x, y, x + length, y), fill=mood.bottom, width=4)


def bridge(draw, random, mood):
    _sun(draw, random, mood)
    level = random.randint(820, 900)
    _ridge(draw, random, level - 40, 60, mood.far)
    _water(draw, random, level, mood)
    arches = random.choice((2, 3, 4))
    span = WIDE // arches
    rise = min(300, span // 3)
    draw.rectangle((0, level - rise - 70, WIDE, level - rise - 30), fill=mood.near)
    for number in range(arches):
        box = (number * span + 24, level - rise - 40, (number + 1) * span - 24, level + rise - 40)
        draw.arc(box, 180, 360, fill=mood.near, width=34)
        for step in range(1, 8):
            x = number * span + 24 + (span - 48) * step / 8
            y = level - rise * sin(pi * step / 8) - 40
            draw.line((x, level - rise - 40, x, y), fill=mood.near, width=8)
    draw.line((0, level + 2, WIDE, level + 2), fill=mood.near, width=6)


def waves(draw, random, mood):
    """Seigaiha: scales of circles."""
    radius = random.choice((120, 150, 180))
    first = random.randint(260, 480)
    _sun(draw, random, mood)
    for row, y in enumerate(range(first, HIGH + radius, radius // 2)):
        for x in range(-radius if row % 2 else 0, WIDE + 2 * radius, 2 * radius):
            for ring, colour in enumerate((mood.near, mood.bottom, mood.far, mood.bottom)):
                r = radius * (4 - ring) // 4
                draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)


def hills(draw, random, mood):
    _sun(draw, random, mood)
    for step in range(5):
        _ridge(draw, random, 560 + 150 * step, 130 - 15 * step, _mixed(mood.far, mood.near, step / 4))


def islands(draw, random, mood):
    _sun(draw, random, mood)
    level = random.randint(700, 780)
    _water(draw, random, level, mood)
    for _island in range(random.randint(2, 4)):
        x, wide, high = random.randint(100, WIDE - 300), random.randint(200, 560), random.randint(90, 260)
        draw.pieslice((x - wide, level - high, x + wide, level + high), 180, 360, fill=mood.near)


def screen(draw, random, mood):
    """Shoji: panes of paper, some with light behind them."""
    panes = random.choice((3, 4))
    columns = panes * 4
    for panel in range(4):
        left = panel * WIDE // 4
        draw.rectangle((left, 0, left + WIDE // 4, HIGH), fill=mood.near)
        for pane in range(panes * 6):
            x = left + 24 + pane % panes * (WIDE // 4 - 48) // panes
            y = 28 + pane // panes * (HIGH - 56) // 6
            lit = random.random() < 0.3
            paper = mood.accent if lit else _mixed(mood.top, mood.bottom, pane / (panes * 6))
            draw.rectangle((x + 6, y + 6, x + WIDE // columns - 20, y + HIGH // 6 - 16), fill=paper)


def bowls(draw, random, mood):
    for row in range(3):
        for column in range(4):
            x, y = 240 + column * 480 + (row % 2) * 160 - 80, 220 + row * 420
            radius = random.randint(120, 180)
            for ring, colour in enumerate((mood.near, mood.top, mood.far, mood.accent)):
                r = radius - ring * radius // 5
                draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)


def routes(draw, random, mood):
    """Lines that part and meet, with stops."""
    colours = (mood.near, mood.far, mood.accent)
    for number in range(6):
        base, swing, phase = 160 + number * 190, random.randint(40, 150), random.uniform(0, 2 * pi)
        points = [(x, base + swing * sin(2 * pi * x / WIDE * 1.2 + phase)) for x in range(0, WIDE + 30, 30)]
        draw.line(points, fill=colours[number % 3], width=22, joint="curve")
        for x, y in points[random.randint(2, 6) :: 9]:
            draw.ellipse((x - 26, y - 26, x + 26, y + 26), fill=mood.top, outline=mood.near, width=8)


def checks(draw, random, mood):
    """Ichimatsu with stripes in some squares."""
    side = random.choice((120, 160, 192))
    for row, y in enumerate(range(0, HIGH, side)):
        for column, x in enumerate(range(0, WIDE, side)):
            if (row + column) % 2:
                continue
            draw.rectangle((x, y, x + side, y + side), fill=random.choice((mood.far, mood.near, mood.near)))
            if random.random() < 0.3:
                for stripe in range(x + 12, x + side, 24):
                    draw.line((stripe, y, stripe, y + side), fill=mood.accent, width=6)


def lattice(draw, random, mood):
    step = random.choice((150, 190, 230))
    for x in range(-HIGH, WIDE + HIGH, step):
        draw.line((x, 0, x + HIGH, HIGH), fill=mood.far, width=18)
        draw.line((x + HIGH, 0, x, HIGH), fill=mood.near, width=10)
    for _lamp in range(40):
        x, y, r = random.randint(0, WIDE), random.randint(0, HIGH), random.randint(8, 26)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=mood.accent)


def path(draw, random, mood):
    """A path that winds into hills."""
    for step in range(3):
        _ridge(draw, random, 520 + 130 * step, 110, _mixed(mood.far, mood.near, step / 3))
    swing, phase = random.randint(160, 320), random.uniform(0, 2 * pi)
    left, right = [], []
    for y in range(700, HIGH + 20, 20):
        nearness = (y - 700) / (HIGH - 700)
        middle = WIDE / 2 + swing * sin(4 * nearness + phase)
        left.append((middle - 10 - 230 * nearness**1.5, y))
        right.append((middle + 10 + 230 * nearness**1.5, y))
    draw.polygon([*left, *reversed(right)], fill=mood.top)


def rings(draw, random, mood):
    """Shippo: circles that overlap by halves."""
    radius = random.choice((130, 160, 200))
    for y in range(0, HIGH + radius, radius):
        for column, x in enumerate(range(0, WIDE + radius, radius)):
            colour = (mood.near, mood.far)[column % 2]
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=12)
            if random.random() < 0.15:
                draw.ellipse((x - 24, y - 24, x + 24, y + 24), fill=mood.accent)


def leaves(draw, random, mood):
    """Hemp leaves: stars of six."""
    radius = random.choice((150, 190))
    for row, y in enumerate(range(0, HIGH + radius, int(radius * 1.5))):
        for x in range(0, WIDE + radius, int(radius * 1.732)):
            centre = x + (row % 2) * radius * 0.866
            for ray in range(6):
                angle = pi / 6 + ray * pi / 3
                tip = (centre + radius * cos(angle), y + radius * sin(angle))
                draw.line((centre, y, *tip), fill=mood.near, width=9)
                side = angle + pi / 6
                bend = (centre + radius * 0.6 * cos(side), y + radius * 0.6 * sin(side))
                draw.line((*tip, *bend, centre, y), fill=mood.far, width=7)


def sails(draw, random, mood):
    _sun(draw, random, mood)
    level = random.randint(760, 860)
    _ridge(draw, random, level - 20, 40, mood.far)
    _water(draw, random, level, mood)
    for _boat in range(random.randint(3, 6)):
        x, y, size = random.randint(150, WIDE - 150), random.randint(level + 40, HIGH - 80), random.randint(70, 170)
        draw.polygon([(x, y - 2 * size), (x, y - 12), (x + size, y - 12)], fill=mood.top)
        draw.polygon([(x - 14, y - 1.6 * size), (x - 14, y - 12), (x - 0.7 * size, y - 12)], fill=mood.accent)
        draw.pieslice((x - size, y - size // 3, x + size, y + size // 3), 0, 180, fill=mood.near)


def _mixed(one, other, share):
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)


MOTIFS = {
    "ACC": (screen, "the panes of a paper screen, some with light behind them,", "明かりの透ける障子の格子"),
    "FNB": (bowls, "round bowls seen from above", "上から見た丸い器"),
    "TRN": (bridge, "the arches of a bridge over water", "水面に架かるアーチ橋"),
    "TRV": (routes, "lines of a route map that part and meet", "分かれては出会う路線図の線"),
    "EXP": (waves, "overlapping waves like fish scales", "うろこのように重なる青海波"),
    "ATT": (hills, "five ranges of hills one behind the other", "重なり合う五つの丘"),
    "SHP": (checks, "a cloth of checks and stripes", "市松と縞の布"),
    "MIC": (lattice, "a diagonal lattice with small lamps", "斜めの格子と小さなあかり"),
    "GUI": (path, "a path that winds into the hills", "丘へ続く曲がりくねった道"),
    "ORG": (islands, "islands on the horizon", "水平線に浮かぶ島々"),
    "SVC": (rings, "circles that overlap by halves", "半分ずつ重なる輪の七宝文様"),
    "overseas": (sails, "boats under sail off a low coast", "低い岸辺の沖を行く帆船"),
}
MOTIFS |= {f"{kind} detail": (leaves, "a pattern of hemp leaves", "麻の葉文様") for kind in tuple(MOTIFS)}
