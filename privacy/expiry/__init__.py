"""The end of data whose time is over (R110): signed times, holds, runs with evidence, and a cap."""

from .rules import PROMISED, in_force, sign, take_back
from .runs import release, run

__all__ = ["PROMISED", "in_force", "release", "run", "sign", "take_back"]
