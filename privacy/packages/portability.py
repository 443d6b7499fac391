"""The copy for other services: what the person provided, as JSON, CSV and vCard (R097; GDPR Art. 20).

Article 20 covers what was provided under consent or contract. Most of what this portal is given serves a task in the
public interest, which the Article leaves out. The copy takes the wide reading, in favour of the person: every field
that is declared as `provided`, whatever its basis. What the portal made itself, secrets, and the words of others are
not in it; the copy to read has the first, nobody gets the others.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from ..declarations import Declaration
from ..handover import tables
from . import parts
from .archive import as_json, zipped
from .vcard import vcard

VERSION = 1


@dataclass(frozen=True)
class Kind:
    """What the person provided in the rows of one model: {key of the row: {field: value}}."""

    declaration: Declaration
    names: tuple[str, ...]
    records: dict[str, dict]


def provided(declaration):
    """The names of the fields of a model that the person provided, with the columns of their translations."""
    fields = declaration.model._meta.concrete_fields
    named = declaration.provided - declaration.never_shown - declaration.of_others
    mine = [
        field.name
        for field in fields
        if field.name in named or getattr(getattr(field, "translated_field", None), "name", "") in named
    ]
    return tuple(declaration.readable(mine))


def read(declaration, subject):
    """The `Kind` of one model, or None where the person provided nothing."""
    names = provided(declaration)
    if not names:
        return None
    fields = [declaration.model._meta.get_field(name) for name in names]
    records = {
        str(row.pk): {field.name: field.value_from_object(row) for field in fields}
        for row in declaration.rows_of(subject).order_by("pk")
    }
    return Kind(declaration, names, records) if records else None


def write(subject, kinds):
    """The archive (bytes)."""
    files = [("data.json", as_json(data(subject, kinds)))]
    files += [(f"{name_of(kind)}.csv", b"".join(tables.csv(["key", *kind.names], _rows(kind)))) for kind in kinds]
    if cards := parts.cards_of(subject):
        files.append(("contact.vcf", vcard(cards)))
    return zipped([*files, *parts.files_of(subject)])


def data(subject, kinds):
    """`data.json`, as privacy/data/portability.schema.json describes it."""
    return {
        "schema": f"{settings.SITE_URL}/en/portability/schema/{VERSION}.json",
        "version": VERSION,
        "made_at": timezone.now(),
        "subject": str(subject.ref),
        "kinds": [{"kind": name_of(kind), "label": _label(kind), "records": _records(kind)} for kind in kinds],
    }


def name_of(kind):
    return kind.declaration.model._meta.label_lower


def _label(kind):
    words = {}
    for language in ("en", "ja"):
        with override(language):
            words[language] = str(kind.declaration.name)
    return words


def _records(kind):
    return [{"key": key, "values": values} for key, values in kind.records.items()]


def _rows(kind):
    for key, values in kind.records.items():
        yield [key, *(_cell(values[name]) for name in kind.names)]


def _cell(value):
    """A value as text of a table: lists with a semicolon between, moments and days as ISO 8601 has them."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value
