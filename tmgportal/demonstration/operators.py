"""Everybody in the demonstration: the fields they register and the fields they list."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from accounts.sides import Side

from .content import rows
from .facts import domestic_facts, overseas_facts
from .listings import domestic_listing, overseas_listing

SEED = 2026
# Of sixty operators in a row: how many write one language only, and how many only a headline.
ONE_LANGUAGE, HEADLINE_ONLY = 20, 1


class State(StrEnum):
    """How far an operator has come."""

    DRAFT = "draft"
    WAITING = "waiting"
    OVERDUE = "overdue"
    CHANGES_REQUESTED = "changes requested"
    DECLINED = "declined"
    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"
    SUSPENDED = "suspended"


APPROVED = (State.UNPUBLISHED, State.PUBLISHED, State.SUSPENDED)


@dataclass(frozen=True)
class DemoOperator:
    """`registration`: values by field of accounts' registrations. `listing`: values by field of a ListingDraft."""

    side: Side
    state: State
    language: str
    registration: dict
    listing: dict
    shown_contact: tuple[str, ...]
    is_licence_checked: bool
    days_ago: int
    # (kind of picture, its number); the loader draws them.
    pictures: tuple[tuple[str, int], ...]

    @property
    def email(self):
        return self.registration["contact_email"]


def everybody():
    """All operators, the same ones whenever it is asked."""
    random = Random(SEED)  # noqa: S311 - the same every time
    domestic = [_domestic(random, number, row) for number, row in enumerate(rows("domestic"))]
    overseas = [_overseas(random, number, row) for number, row in enumerate(rows("overseas"))]
    return _told_apart([*domestic, *overseas])


def _domestic(random, number, row):
    registration = domestic_facts(random, number, row)
    listing = domestic_listing(random, row)
    pictures = ((row["category"][:3], number),) if number % 5 in (0, 2) else ()
    return _operator(random, number, row, Side.DOMESTIC, registration, listing, pictures)


def _overseas(random, number, row):
    registration = overseas_facts(random, number, row)
    listing = overseas_listing(random, row)
    pictures = (("overseas", number),) if number % 5 in (1, 3) else ()
    return _operator(random, number, row, Side.OVERSEAS, registration, listing, pictures)


def _operator(random, number, row, side, registration, listing, pictures):
    language = "ja" if side == Side.DOMESTIC else "en"
    return DemoOperator(
        side=side,
        state=State(row["state"]),
        language=language,
        registration=registration,
        listing=_written(number, listing, language),
        shown_contact=random.choice(
            (
                ("contact_name",),
                ("contact_name", "contact_email"),
                ("contact_name", "telephone", "address"),
                ("contact_name", "contact_email", "telephone", "address"),
                (),
            )
        ),
        is_licence_checked=bool(registration.get("licences")) and random.random() < 0.8,
        days_ago=random.randint(5, 420),
        pictures=pictures + ((f"{pictures[0][0]} detail", number),) if pictures and number % 9 == 0 else pictures,
    )


def _written(number, listing, language):
    """A third of the operators have not written their second language yet, and a few hardly anything."""
    other = "en" if language == "ja" else "ja"
    place = number * 37 % 60
    if place >= ONE_LANGUAGE + HEADLINE_ONLY:
        return listing
    # Now and then it is the own language that is missing.
    missing = language if place == 0 else other
    texts = dict.fromkeys((name for name in listing if name.endswith(f"_{missing}")), "")
    if place >= ONE_LANGUAGE:
        texts |= dict.fromkeys((f"{name}_{language}" for name in ("description", "availability", "terms")), "")
    return listing | texts


def _told_apart(operators):
    """The same, after a look that nobody shares an address or a name with another."""
    for name in ("contact_email", "business_name"):
        shared = [value for value, count in Counter(o.registration[name] for o in operators).items() if count > 1]
        if shared:
            raise ValueError(f"{name} is not unique: {shared}")
    return tuple(operators)
