"""The draft: what an operator edits before anybody else sees it."""

from django.db import transaction
from django.db.models import F

from accounts.fingerprint import fingerprint
from accounts.models import Operator
from privacy import audit

from ..completeness import outdated_after
from ..models import ListingDraft


class Stale(Exception):
    """Somebody else saved these fields meanwhile; `record` holds what they wrote."""

    def __init__(self, record):
        super().__init__(record.pk)
        self.record = record


def draft_of(operator):
    """The one draft of an operator; made when first asked for."""
    return ListingDraft.objects.get_or_create(operator=operator)[0]


@transaction.atomic
def save(draft, values, *, seen, by):
    """Keep `values` ({field name: value}) in the draft. `seen` is the `fingerprint` of what they started from.

    Raises `Stale` if they changed since; a second, equal save changes nothing.
    """
    draft = ListingDraft.objects.select_for_update(of=["self"]).select_related("operator").get(pk=draft.pk)
    # A column of a language that was never written is null; nothing is nothing.
    changed = {name for name, value in values.items() if (getattr(draft, name) or None) != (value or None)}
    if not changed:
        return draft
    if seen != fingerprint(draft, values):
        raise Stale(draft)
    before = {name: getattr(draft, name) for name in changed}
    for name in changed:
        setattr(draft, name, values[name])
    draft.outdated = outdated_after(draft, before)
    draft.version += 1
    draft.save()
    audit.record(by, "listing draft saved", draft, fields=sorted(changed))
    return draft


@transaction.atomic
def confirm_languages(draft, *, by):
    """Somebody who reads both languages says that no text is older than the other."""
    draft = ListingDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
    if draft.outdated:
        audit.record(by, "both languages confirmed", draft, fields=sorted(draft.outdated))
        draft.outdated = {}
        draft.save(update_fields=["outdated"])


@transaction.atomic
def show_contact(operator, fields, *, seen, by):
    """The owner chooses what the other side sees of the person in charge and of how to reach the business; at once.

    `seen` and `Stale` as in `save`.
    """
    operator = Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    if operator.shown_contact == fields:
        return operator
    if seen != fingerprint(operator, ["shown_contact"]):
        raise Stale(operator)
    operator.shown_contact = fields
    operator.save(update_fields=["shown_contact"])
    audit.record(by, "shown contact chosen", operator, fields=fields)
    return operator


def touch(draft):
    """Something that hangs from the draft changed: it differs from what was published."""
    ListingDraft.objects.filter(pk=draft.pk).update(version=F("version") + 1)
