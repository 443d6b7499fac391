"""The end of data whose time is over (R110): signed times, holds, runs with evidence, and a cap."""

from .rules import sign, take_back
from .runs import NotTheNewest, release, run

__all__ = ["NotTheNewest", "release", "run", "sign", "take_back"]
