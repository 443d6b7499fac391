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


def field_source(purpose, *, minimum=()):
    """Register `source(subjects) -> {subject's key: {row's key: {field: value}}}` as what may be used for `purpose`.

    `minimum` names the fields without which the service cannot be run: a recipient gets them also of who withholds the
    others from it (R063, R064).
    """

    def register(source):
        _field_sources.setdefault(purpose, []).append((source, frozenset(minimum)))
        return source

    return register


def contact_of(ref):
    return next(filter(None, (source(ref) for source in _contact_sources)), None)


def fields_for(subjects, purpose):
    """{subject's key: {row's key: {field: value}}} of all sources."""
    values = {}
    for source, _minimum in _field_sources.get(purpose, []):
        for subject, held in source(subjects).items():
            values[subject] = values.get(subject, {}) | held
    return values


def minimum_for(purpose):
    """The names of the fields that nobody can withhold from a recipient."""
    return frozenset().union(*(minimum for _source, minimum in _field_sources.get(purpose, [])))
