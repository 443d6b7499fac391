"""What apps say of the end of a person's data, where the declared action alone is not enough (GDPR Art. 17).

Each app may have a module `leaving`, found as Django finds `admin`. What it registers here is done in the transaction
of `privacy.erasure`.
"""

from dataclasses import dataclass

from django.apps import apps

from .models import Subject

_endings = {}
_addressed = {}
_address_sources = []
_consequence_sources = []


@dataclass(frozen=True)
class Person:
    """Whoever is erased: every address they are known by, and every value of theirs that identifies."""

    subject: Subject
    addresses: frozenset[str]
    values: frozenset[str] = frozenset()


def ends(model):
    """Register `end(rows, person) -> how many` in place of the declared action for `model` (a class, or "app.Model").

    `rows` are those about the person, found before anything was changed; it is called also when there are none.
    """

    def register(end):
        _endings[_model(model)] = end
        return end

    return register


def addressed(model, field):
    """Rows of `model` are a person's also where `field` holds one of their addresses, whoever wrote it there."""
    _addressed[_model(model)] = field


def address_source(source):
    """Register `source(subject)`: addresses at which the person is known."""
    _address_sources.append(source)
    return source


def consequence_source(source):
    """Register `source(subject)`: what else would happen, in sentences for the person who thinks of leaving."""
    _consequence_sources.append(source)
    return source


def consequences_for(subject):
    return [sentence for source in _consequence_sources for sentence in source(subject)]


def ending_of(model):
    return _endings.get(model)


def addresses_of(subject):
    """In lower case: an address is compared so."""
    return frozenset(address.lower() for source in _address_sources for address in source(subject) if address)


def rows_of(declaration, subject, addresses):
    """The rows of a declared model that end with the person."""
    rows = declaration.rows_of(subject)
    field = _addressed.get(declaration.model)
    if field and addresses:
        return rows | declaration.model._default_manager.filter(**{f"{field}__in": addresses}).distinct()
    return rows


def _model(model):
    return apps.get_model(model) if isinstance(model, str) else model
