"""Statistics for everybody: apps say what may be counted, and `publish` alone lets it out (R156)."""

from .publishing import Outcome, outcome, publish
from .schedule import counted, is_due, preview, publish_due, source
from .tables import Category, Dimension, NotCountable, Table

__all__ = [
    "Category",
    "Dimension",
    "NotCountable",
    "Outcome",
    "Table",
    "counted",
    "is_due",
    "outcome",
    "preview",
    "publish",
    "publish_due",
    "source",
]
