"""The words, one CSV file per kind, so that translators can read both languages side by side.

- domestic, overseas: one row per operator, with its own headline and its own sentence.
- sentences: what descriptions are composed from. `keys` says for which categories, places or kinds; "*" for all.
- inquiries: what people asked the secretariat, and what it answered.
- towns, cities, people: addresses and names. Block numbers above 90 and the postcodes abroad lead nowhere.

Telephone numbers are invented. In Japan the exchange begins with 1, which none does. Abroad they lie in the ranges that
regulators keep for drama (ACMA, Arcep, Bundesnetzagentur, NANPA, Ofcom, PTS); where a country keeps none, in a block
around 555 0xxx that its numbering plan allows. Nothing in the portal dials.
"""

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


@cache
def rows(name):
    """The rows of a file as dicts."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def sentences(slot, *wanted):
    """Pairs (English, Japanese) of a slot that fit one of `wanted`, in the order of the file."""

    def fits(keys):
        return keys == "*" or any(name.startswith(tuple(keys.split())) for name in wanted)

    return tuple((row["en"], row["ja"]) for row in rows("sentences") if row["slot"] == slot and fits(row["keys"]))
