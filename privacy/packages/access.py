"""The copy to read: a page in both languages, the same as JSON, and the files that the person gave (R092, L07).

The page needs nothing but itself: no script, no picture from elsewhere, no network.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from .. import disclosures, held, registers
from ..data import rows as data_rows
from ..data import text
from ..declarations import Declaration, find
from ..models import ExportItem, ItemAction, LedgerEvent, Recipient, Topic
from . import parts
from .archive import as_json, zipped

# Japanese first: it is the city's language.
LANGUAGES = ("ja", "en")
FORMAT = 1


@dataclass(frozen=True)
class Kind:
    """The rows of one model about the person, in the words of each language."""

    declaration: Declaration
    in_language: dict[str, dict]
    data: dict
    names: frozenset[str]


def read(declaration, subject):
    """The `Kind` of one model, or None where it says nothing about the person."""
    in_language, data, names = {}, {}, frozenset()
    for language in LANGUAGES:
        with override(language):
            kind = held.read(declaration, subject)
            if not kind.records:
                return None
            in_language[language] = {
                "name": str(kind.name),
                "source": str(kind.source),
                "times": [str(time) for time in kind.times],
                "purposes": [str(purpose.label) for purpose in kind.purposes],
                "bases": [str(basis.label) for basis in declaration.bases],
                "recipients": [str(name) for name in registers.recipients_of(kind.purposes)],
                "records": [(record.key, _plain(record.shown)) for record in kind.records],
            }
            data = kind.as_data()
            names = frozenset(name for record in kind.records for name in record.values)
    return Kind(declaration, in_language, data, names)


def write(subject, kinds):
    """The archive (bytes)."""
    made_at = timezone.now()
    files = list(parts.files_of(subject))
    parts_of_page, hand_overs, told, ledger = [], [], [], []
    for language in LANGUAGES:
        with override(language):
            hand_overs, told, ledger = hand_overs_of(subject), disclosures_of(subject), history_of(subject)
            context = {
                "kinds": [kind.in_language[language] for kind in kinds],
                "hand_overs": hand_overs,
                "disclosures": told,
                "history": ledger,
                "files": [name for name, _content in files],
                "authorities": [(row[f"name_{language}"], row["url"]) for row in data_rows("authorities.csv")],
                "reference": str(subject.ref),
                "made_at": made_at,
                "language": language,
            }
            parts_of_page.append((language, render_to_string("privacy/package_part.html", context)))
    # In the page itself: it is opened from a disk, often without the rest of the archive.
    style = format_html("<style>{}</style>", mark_safe(text("package.css")))  # noqa: S308
    page = render_to_string("privacy/package.html", {"parts": parts_of_page, "style": style})
    data = {
        "format": FORMAT,
        "made_at": made_at,
        "subject": str(subject.ref),
        "kinds": [kind.data for kind in kinds],
        "hand_overs": hand_overs,
        "disclosures": told,
        "history": ledger,
        "files": [name for name, _content in files],
    }
    return zipped([("index.html", page.encode()), ("data.json", as_json(data)), *files])


def hand_overs_of(subject):
    """What went to those who work for the city: to whom, when, which fields, and never the values."""
    items = ExportItem.objects.filter(
        subject_ref=subject.ref, action=ItemAction.PROVIDE, export__built_at__isnull=False
    ).select_related("export")
    names = {one.code: one.name(get_language()) for one in Recipient.objects.order_by("valid_from")}
    return [
        {
            "number": item.export.number,
            "recipient": names.get(item.export.recipient, item.export.recipient),
            "at": item.export.built_at,
            "fields": [
                field[get_language()]
                for field in item.export.manifest.get("fields", ())
                if field["minimum"] or not item.is_withheld
            ],
        }
        for item in items.order_by("-export__built_at", "row_key")
    ]


def disclosures_of(subject):
    """What went to courts and authorities, as far as the law lets the person know (R082)."""
    return [
        {
            "number": str(one),
            "to": one.requester,
            "at": one.extracted_at,
            "ground": one.get_ground_display(),
            "article": one.article,
            "fields": [_named(place) for place in one.fields],
        }
        for one in disclosures.of(subject)
    ]


def history_of(subject):
    """What the ledger says of the person, in words, the newest first."""
    names = {topic.code: topic.name(get_language()) for topic in Topic.objects.all()}
    names |= {one.code: one.name(get_language()) for one in Recipient.objects.order_by("valid_from")}
    return [
        {
            "at": event.at,
            "about": _about(event, names),
            "said": event.get_state_display(),
            "until": event.valid_until,
            "reference": str(event.ref),
        }
        for event in LedgerEvent.objects.filter(subject_ref=subject.ref).order_by("-seq")
    ]


def _about(event, names):
    if event.document:
        return _("%(document)s, version %(number)s") % {
            "document": event.get_document_display(),
            "number": event.version,
        }
    detail = names.get(event.topic, "") or (event.purpose and event.get_purpose_display())
    return f"{event.get_matter_display()}: {detail}" if detail else event.get_matter_display()


def _named(place):
    declaration, field = find(place)
    return f"{declaration.name}: {declaration.label(field)}"


def _plain(shown):
    return [(str(label), str(value), language) for label, value, language in shown]
