"""The end of a person's data, and what proves it (R094, R113): frozen at once, deleted after a time to think again."""

from .acts import COOLING_OFF, call_off, due, expedite, is_held, run_due, start
from .erasing import erase, replay
from .letters import BACKUPS_KEPT

__all__ = [
    "BACKUPS_KEPT",
    "COOLING_OFF",
    "call_off",
    "due",
    "erase",
    "expedite",
    "is_held",
    "replay",
    "run_due",
    "start",
]
