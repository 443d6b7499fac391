"""Lists that change without a change of the program, as CSV files beside this module."""

import csv
from pathlib import Path

from django.utils.translation import get_language


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a file of this folder, each as {column: text}."""
    with open(Path(__file__).parent / file, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def in_language(en: str, ja: str, language: str | None = None) -> str:
    """The one of two wordings that belongs to `language`, by default to the language of the reader."""
    return ja if (language or get_language() or "en").startswith("ja") else en
