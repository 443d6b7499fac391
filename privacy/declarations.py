"""What each app's `personal_data.py` tells about the personal data it holds. Nothing undeclared is handed out."""

from dataclasses import dataclass

_contact_sources = []
_field_sources = {}


@dataclass(frozen=True)
class Contact:
    """Where a person can be written to."""

    address: str
    language: str


def contact_source(source):
    """Register `source(ref) -> Contact | None`; the first answer counts."""
    _contact_sources.append(source)
    return source


def field_source(purpose):
    """Register `source(subject) -> dict of values` as what may be used for `purpose`."""

    def register(source):
        _field_sources.setdefault(purpose, []).append(source)
        return source

    return register


def contact_of(ref):
    return next(filter(None, (source(ref) for source in _contact_sources)), None)


def fields_for(subject, purpose):
    values = {}
    for source in _field_sources.get(purpose, []):
        values |= source(subject)
    return values
