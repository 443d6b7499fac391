"""Stands for the apps above the outbox, which say who may be written to, and where."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4


@dataclass
class Person:
    address: str
    language: str = "en"
    has_account: bool = False
    refuses: set[str] = field(default_factory=set)
    ref: UUID = field(default_factory=uuid4)

    def __post_init__(self):
        known[self.ref] = self

    def leave(self):
        del known[self.ref]


known: dict[UUID, Person] = {}


def may_send(ref, purpose, topic):
    return ref not in known or not {purpose, topic} & known[ref].refuses


def contact_of(ref, purpose, topic):
    return known.get(ref)
