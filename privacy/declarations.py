"""What each app's `personal_data.py` tells about the data it holds. Nothing undeclared is stored or handed out (R035).

A place is a field in words: "app.Model.field".

From these declarations come the notices on forms, the record of processing, the page of what is held, the check that no
field is forgotten, and, later, packages, erasure and retention.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_translation_fields

from .purposes import RULES, Basis, Purpose
from .retention import EraseAction, Retention

logger = logging.getLogger(__name__)

_contact_sources = []
_subject_sources = []
_field_sources = {}
_declarations = {}
_expiries = []


class DataClass(models.TextChoices):
    """What a value says about a person."""

    IDENTIFYING = "identifying", _("Identifies a person")
    BUSINESS = "business", _("About a business")
    TECHNICAL = "technical", _("Technical")
    EVIDENCE = "evidence", _("Evidence of what was done")
    NOT_PERSONAL = "not personal", _("Not personal")


PERSONAL = {DataClass.IDENTIFYING, DataClass.TECHNICAL, DataClass.EVIDENCE}


class Source(models.TextChoices):
    """From whom the data come: never from a third party (R042)."""

    PERSON = "person", _("From you")
    HOLDER = "holder", _("From whoever registered the business and named you")
    GUARDIAN = "guardian", _("From whoever writes on behalf of a child")
    STAFF = "staff", _("From the city's staff")
    PORTAL = "portal", _("Made by the portal")


@dataclass(frozen=True)
class Declaration:
    """One model: the class of every field, and what holds for its rows.

    `subjects` are the ways from a row to the people it is about; one that ends in `ref` leads to `Subject.ref`.
    """

    model: type[models.Model]
    classes: dict[str, DataClass]
    subjects: tuple[str, ...]
    only_where: Mapping[str, models.Q]
    purposes_by_field: Mapping[str, tuple[Purpose, ...]]
    retention: tuple[Retention, ...]
    source: Source
    provided: frozenset[str]
    erase: EraseAction
    never_shown: frozenset[str]
    of_others: frozenset[str]
    words: Callable[[models.Model, str, object], str | None]
    labels: Mapping[str, str]
    goes_with: frozenset[str]
    goes_by: Mapping[Retention, str]

    def readable(self, names):
        """Those of `names` whose values tell a person something: no secret, no column that its translations repeat, and
        no key, which may lead to another person, such as the member of staff who decided."""
        return [
            name
            for name in names
            if name not in self.never_shown
            and f"{name}_en" not in self.classes
            and not self.model._meta.get_field(name).is_relation
        ]

    @property
    def name(self):
        """What the rows are called, many of them."""
        return capfirst(self.labels.get("", self.model._meta.verbose_name_plural))

    def label(self, field):
        """What the field of that name is called."""
        return capfirst(self.labels.get(field, self.model._meta.get_field(field).verbose_name))

    def of_class(self, *classes):
        """The names of the fields of these classes."""
        return [name for name, data_class in self.classes.items() if data_class in classes]

    @property
    def personal(self):
        return self.of_class(*PERSONAL)

    @property
    def purposes(self):
        """Those of all fields, each once, in the order in which they are declared."""
        return tuple(dict.fromkeys(purpose for purposes in self.purposes_by_field.values() for purpose in purposes))

    def allows(self, name, purpose):
        """Whether the field may be used for the purpose: what is not personal for any, the rest as declared (R035)."""
        if name not in self.classes:
            return False
        return self.classes[name] == DataClass.NOT_PERSONAL or purpose in self.purposes_by_field[name]

    @property
    def is_personal(self):
        """Whether it belongs into the record of processing: about people, or about their businesses."""
        return bool(self.purposes)

    @property
    def bases(self):
        return list(dict.fromkeys(Basis(RULES[purpose].basis) for purpose in self.purposes))

    def rows_of(self, subject):
        """The rows about this person; none where no way leads to one."""
        mine = models.Q(pk__in=[])
        for way in self.subjects:
            leads = models.Q(**{way: subject.ref if way.endswith("ref") else subject})
            mine |= leads & self.only_where.get(way, models.Q())
        return self.model._default_manager.filter(mine).distinct()

    def refs_of(self, row):
        """For each way from `row` to people, a query of their `Subject.ref`."""
        mine = self.model._default_manager.filter(pk=row.pk)
        for way in self.subjects:
            leads = mine.filter(self.only_where.get(way, models.Q()))
            yield leads.order_by().values(way if way.endswith("ref") else f"{way}__ref")


def declare(model, **said):
    """Say of `model` (a class, or "app.Model") what `declaration` asks; the system check finds what is missing."""
    model = apps.get_model(model) if isinstance(model, str) else model
    _declarations[model] = declaration(model, **said)


def declaration(
    model,
    *,
    identifying="",
    business="",
    technical="",
    evidence="",
    not_personal="",
    subject="",
    only_where: Mapping[str, models.Q] | None = None,
    purposes: Iterable[Purpose] = (),
    purposes_by_field: Mapping[str, Iterable[Purpose]] | None = None,
    retention: Iterable[Retention] = (Retention.PERMANENT,),
    source=Source.PORTAL,
    provided="",
    erase=EraseAction.DELETE,
    never_shown="",
    of_others="",
    words=lambda row, name, value: None,
    labels: Mapping[str, str] | None = None,
    goes_with="",
    goes_by: Mapping[Retention, str] | None = None,
):
    """The `Declaration` of `model`, with the class of every field: names in one text, apart by blanks.

    `purposes` are those of every field that is not in `purposes_by_field`, and `retention` the times of which each
    row has one. `subject` may name several ways to a person, each where its condition in `only_where` holds.
    `provided` is what the person gave themselves, `never_shown` those like the hash of a password, `of_others` the
    words of another person, who did not write them to this one (GDPR Art. 15(4)); `words(row, name, value)` puts a
    value in the reader's words where the field cannot, such as a code of a list, and is None for the others;
    `labels` are the words for fields, and under "" for the rows, of models that have none in both languages. Which rows
    are past their time a `due_source` says; or they go with a row to which a key of `goes_with` leads; or, of some
    kinds, `goes_by` says what else ends them. The columns of django-modeltranslation follow the field that they
    translate.
    """
    classes = {}
    for data_class, names in (
        (DataClass.IDENTIFYING, identifying),
        (DataClass.BUSINESS, business),
        (DataClass.TECHNICAL, technical),
        (DataClass.EVIDENCE, evidence),
        (DataClass.NOT_PERSONAL, not_personal),
    ):
        classes |= dict.fromkeys(_with_translations(model, names.split()), data_class)
    told = [name for name, data_class in classes.items() if data_class != DataClass.NOT_PERSONAL]
    return Declaration(
        model=model,
        classes=classes,
        subjects=tuple(subject.split()),
        only_where=only_where or {},
        purposes_by_field=dict.fromkeys(told, tuple(purposes))
        | {name: tuple(those) for name, those in (purposes_by_field or {}).items()},
        retention=tuple(retention),
        source=source,
        provided=frozenset(provided.split()),
        erase=erase,
        never_shown=frozenset(never_shown.split()),
        of_others=frozenset(of_others.split()),
        words=words,
        labels=labels or {},
        goes_with=frozenset(goes_with.split()),
        goes_by=goes_by or {},
    )


def _with_translations(model, names):
    translated = {field.name for field in model._meta.fields if hasattr(field, "translated_field")}
    for name in names:
        yield name
        yield from (column for column in get_translation_fields(name) if column in translated)


def declared():
    """Every `Declaration`, by the name of its model."""
    return sorted(_declarations.values(), key=lambda declaration: declaration.model._meta.label)


def declaration_of(model):
    """The `Declaration` of a model, or None."""
    return _declarations.get(model)


def find(place):
    """(the `Declaration` or None, the name of the field) of a place."""
    model, _dot, field = place.rpartition(".")
    return declaration_of(apps.get_model(model)), field


def may_be_used(place, purpose):
    """Whether the field is declared, and declared for this purpose (R035)."""
    declaration, field = find(place)
    return declaration is not None and declaration.allows(field, purpose)


@dataclass(frozen=True)
class Contact:
    """Where a person can be written to."""

    address: str
    language: str
    # Whether pages for people who are logged in are of use in a message.
    has_account: bool = False


def contact_source(place):
    """Register `source(ref) -> Contact | None`, which reads the address from `place`; the first answer counts."""

    def register(source):
        _contact_sources.append((source, place))
        return source

    return register


def subject_source(source):
    """Register `source(address) -> key of a Subject or None`: who has this address; the first answer counts."""
    _subject_sources.append(source)
    return source


def subject_with(address):
    """The key of the subject who has this address, or None."""
    return next(filter(None, (source(address) for source in _subject_sources)), None)


def field_source(purpose, *, gives, minimum=()):
    """Register `source(subjects) -> {subject's key: {row's key: {name: value}}}` as what may be used for `purpose`.

    `gives` says of each name from which place its value comes. `minimum` names the fields without which the service
    cannot be run: a recipient gets them also of who withholds the others from it (R063, R064).
    """

    def register(source):
        _field_sources.setdefault(purpose, []).append((source, gives, frozenset(minimum)))
        return source

    return register


def contact_of(ref, purpose):
    """Where to write to the subject `ref` for `purpose`: an address that was given for something else is none."""
    sources = (source for source, place in _contact_sources if may_be_used(place, purpose))
    return next(filter(None, (source(ref) for source in sources)), None)


def fields_for(subjects, purpose):
    """{subject's key: {row's key: {name: value}}} of all sources."""
    values = {}
    for source, gives, _minimum in _field_sources.get(purpose, []):
        for subject, held in source(subjects).items():
            kept = {row: declared_values(row_values, gives, purpose) for row, row_values in held.items()}
            values[subject] = values.get(subject, {}) | kept
    return values


def declared_values(values, gives, purpose):
    """Of {name: value} what is declared for `purpose`; the rest is refused, and logged, because a person wrote it."""
    kept = {name: value for name, value in values.items() if name in gives and may_be_used(gives[name], purpose)}
    for name in sorted(values.keys() - kept.keys()):
        logger.warning("gate refused undeclared field=%s purpose=%s", name, purpose)
    return kept


def handed_out():
    """Yields (place, purpose) of everything that sources of fields give."""
    for purpose, sources in _field_sources.items():
        yield from ((place, purpose) for _source, gives, _minimum in sources for place in gives.values())


def given_for(purpose):
    """{name: place} of what the sources give for `purpose`; empty for one that has none."""
    return {
        name: place for _source, gives, _minimum in _field_sources.get(purpose, []) for name, place in gives.items()
    }


def minimum_for(purpose):
    """The names of the fields that nobody can withhold from a recipient."""
    return frozenset().union(*(minimum for _source, _gives, minimum in _field_sources.get(purpose, [])))


@dataclass(frozen=True)
class Expiry:
    """Which rows of a model are past the time of one kind of data, and what ends them."""

    model: type[models.Model]
    kind: Retention
    due: Callable[..., models.QuerySet]
    end: Callable[[models.QuerySet], int] | None


def due_source(model, kind, *, end=None):
    """Register `source(before)`: the rows of `model` whose time of `kind` began before that moment (R110).

    A row that anything alive still needs is not among them. `end(rows) -> how many` is for rows that are not simply
    deleted. The sources are asked in the order in which they are registered.
    """

    def register(source):
        _expiries.append(Expiry(apps.get_model(model) if isinstance(model, str) else model, kind, source, end))
        return source

    return register


def expiries():
    """Every `Expiry`, in order."""
    return list(_expiries)
