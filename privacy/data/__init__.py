"""Lists and texts that change without a change of the program, as files beside this module."""

import csv
from pathlib import Path

HERE = Path(__file__).parent


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this folder, each as {column: text}."""
    with open(HERE / file, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def text(file: str) -> str:
    return (HERE / file).read_text(encoding="utf-8")
