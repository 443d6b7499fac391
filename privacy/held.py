"""Everything that is held about a person, read by the declarations: nothing is in it twice, and nothing is left out."""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .declarations import DataClass, Declaration, declared
from .retention import in_words


@dataclass(frozen=True)
class Record:
    """One row: what its page shows (label, text, language of the text or ""), and its values for a file."""

    key: str
    shown: list[tuple[str, str, str]]
    values: dict


@dataclass(frozen=True)
class Kind:
    """The rows of one model about a person."""

    declaration: Declaration
    records: list[Record]

    @property
    def name(self):
        return self.declaration.name

    @property
    def purposes(self):
        return self.declaration.purposes

    @property
    def source(self):
        return self.declaration.source.label

    @property
    def retention(self):
        return self.declaration.retention

    @property
    def times(self):
        return in_words(self.retention)

    def as_data(self):
        """For JSON: codes where a program reads, and no value that is never shown."""
        return {
            "kind": self.declaration.model._meta.label_lower,
            "purposes": [purpose.value for purpose in self.purposes],
            "source": self.declaration.source.value,
            "retention": [retention.value for retention in self.retention],
            "records": [record.values for record in self.records],
        }


def of(subject):
    """The `Kind`s of which at least one row is about `subject`."""
    kinds = (read(declaration, subject) for declaration in declared())
    return [kind for kind in kinds if kind.records]


def read(declaration, subject):
    """The `Kind` of one model; it may have no records."""
    return Kind(declaration, list(_records(declaration, subject)))


def _records(declaration, subject):
    told = [
        name
        for name, data_class in declaration.classes.items()
        if data_class != DataClass.NOT_PERSONAL and name not in declaration.of_others
    ]
    fields = [declaration.model._meta.get_field(name) for name in declaration.readable(told)]
    if not fields:
        return
    for row in declaration.rows_of(subject).order_by("-pk"):
        values = {field.name: field.value_from_object(row) for field in fields}
        shown = [
            (declaration.label(field.name), _written(declaration, row, field, values[field.name]), _language(field))
            for field in fields
        ]
        yield Record(str(row.pk), [one for one in shown if one[1]], values)


def _language(field):
    """The language that a column of django-modeltranslation is written in, or ""."""
    return getattr(field, "language", "")


def _written(declaration, row, field, value):
    if value is None or value in ("", [], {}):
        return ""
    text = declaration.words(row, field.name, value)
    if text is not None:
        return text
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "hour"):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, list):
        labels = dict(field.base_field.flatchoices) if isinstance(field, ArrayField) else {}
        return ", ".join(str(labels.get(one, one) if labels else one) for one in value)
    return str(value)
