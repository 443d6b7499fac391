"""Statistics for everybody: apps say what may be counted, and `publish` alone lets it out (R156)."""

from .publishing import Outcome, outcome, publish
from .schedule import preview, publish_due, source, tables
from .tables import Category, Dimension, NotCountable, Table

__all__ = [
    "Category",
    "Dimension",
    "NotCountable",
    "Outcome",
    "Table",
    "outcome",
    "preview",
    "publish",
    "publish_due",
    "source",
    "tables",
]
