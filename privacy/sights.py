"""Which members of staff and which recipients saw the data of a person (C14). Other operators are never in it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .declarations import DataClass, declared
from .models import AuditEvent, ExportItem, ItemAction, Recipient

SEEN, LISTED = "personal fields seen", "personal fields listed"


@dataclass(frozen=True)
class Sight:
    at: datetime
    who: str
    what: str


def of(subject):
    """The sights of rows about `subject`, the newest first."""
    names, seen = {}, Q(pk__in=[])
    for declaration in declared():
        if not declaration.of_class(DataClass.IDENTIFYING):
            continue
        label = declaration.model._meta.label_lower
        names[label] = capfirst(declaration.model._meta.verbose_name)
        for key in declaration.rows_of(subject).values_list("pk", flat=True):
            seen |= Q(act=SEEN, target=f"{label}:{key}")
            seen |= Q(act=LISTED, details__of=label, details__keys__contains=[key])
    recipients = {
        recipient.code: recipient.name(get_language()) for recipient in Recipient.objects.order_by("valid_from")
    }
    events = AuditEvent.objects.filter(seen).select_related("by")
    sights = [Sight(event.at, _who(event, recipients), _what(event, names)) for event in events]
    sights += [_handed_over(item, recipients) for item in handed_over(subject)]
    return sorted(sights, key=lambda sight: sight.at, reverse=True)


def handed_over(subject):
    """The rows about `subject` that stand in a hand-over which its recipient could fetch."""
    mine = ExportItem.objects.filter(subject_ref=subject.ref, action=ItemAction.PROVIDE)
    return mine.filter(export__built_at__isnull=False).select_related("export__profile")


def _handed_over(item, recipients):
    export = item.export
    said = {"number": export.number, "purpose": export.profile.get_purpose_display()}
    what = (
        _("Hand-over %(number)s, the minimum only: %(purpose)s")
        if item.is_withheld
        else _("Hand-over %(number)s: %(purpose)s")
    )
    return Sight(export.built_at, recipients.get(export.recipient, export.recipient), what % said)


def _who(event, recipients):
    if event.by.recipient:
        return _("%(recipient)s (staff no. %(number)s)") % {
            "recipient": recipients.get(event.by.recipient, event.by.recipient),
            "number": event.by_id,
        }
    return _("The secretariat (staff no. %(number)s)") % {"number": event.by_id}


def _what(event, names):
    if event.act == LISTED:
        return _("In a list: %(kind)s") % {"kind": names[event.details["of"]]}
    return _("Opened: %(kind)s") % {"kind": names[event.target.partition(":")[0]]}
