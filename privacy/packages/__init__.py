"""Copies of a person's data, to read and for other services (R092, R097; GDPR Art. 15 and 20, APPI Art. 76).

A copy is a row first, and built by a task. It waits, sealed, for whoever it is about, and is gone after a fortnight.
"""

from .archive import locked
from .asking import ask, possible_from
from .building import build, build_due
from .fetching import Refusal, expire, fetch, gone_at, has_begun, note_begun, open_, refusal
from .parts import Card, card_source, file_source

__all__ = [
    "Card",
    "Refusal",
    "ask",
    "build",
    "build_due",
    "card_source",
    "expire",
    "fetch",
    "file_source",
    "gone_at",
    "has_begun",
    "locked",
    "note_begun",
    "open_",
    "possible_from",
    "refusal",
]
