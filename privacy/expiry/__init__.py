"""The end of data whose time is over (R110): signed times, holds, runs with evidence, and a cap."""

from .rules import sign, take_back
from .runs import release, run

__all__ = ["release", "run", "sign", "take_back"]
