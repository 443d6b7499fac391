"""The deletion itself: one transaction over everything declared, written into the journal before it commits."""

import logging
from collections import defaultdict
from graphlib import TopologicalSorter

from django.db import connection, models, transaction
from django.utils import timezone

from .. import audit, contacts, endings, suppression
from ..acting import PORTAL, acting_as
from ..declarations import DataClass, declared
from ..handover import recalls
from ..models import Erasure, ItemAction, Subject
from ..purposes import Purpose
from ..retention import EraseAction
from . import journal, letters

logger = logging.getLogger(__name__)


@acting_as(duty=PORTAL)
def erase(pk):
    """Delete everything about the person of the `Erasure`, and tell them. Asked again, it changes nothing.

    The recipients of earlier hand-overs are asked to delete in the same transaction (GDPR Art. 19, L03).
    """
    return _erase(pk, is_again=False)


@acting_as(duty=PORTAL)
def replay(*, dry_run=False):
    """Erase again whoever the journal says is erased and a restored backup brought back. Returns the entries.

    Nobody is told again. Safe to repeat.
    """
    entries = journal.ahead()
    for entry in [] if dry_run else entries:
        with transaction.atomic():
            subject = Subject.objects.select_for_update().get(ref=entry.subject)
            erasure = subject.erasures.under_way().first() or Erasure.objects.create(
                ref=entry.erasure, subject=subject, reason=entry.reason, due_at=entry.at
            )
            _erase(erasure.pk, is_again=True)
    return entries


@transaction.atomic
def _erase(pk, *, is_again):
    erasure = Erasure.objects.select_for_update(of=["self"]).select_related("subject").get(pk=pk)
    if not erasure.is_under_way:
        return erasure
    subject = erasure.subject = Subject.objects.select_for_update().get(pk=erasure.subject_id)
    addressee = contacts.contact_of(subject.ref, Purpose.RIGHTS)
    told = recalls.ask(subject.ref, ItemAction.ERASE, reason=f"{erasure.ref}")
    erasure.counts = _end_everything(subject)
    erasure.done_at = subject.erased_at = timezone.now()
    subject.ended_at = subject.ended_at or subject.erased_at
    subject.save(update_fields=["ended_at", "erased_at"])
    erasure.save(update_fields=["counts", "done_at"])
    audit.record(None, "person erased", erasure, reason=erasure.reason, recalls=len(told))
    if not is_again:
        if addressee:
            letters.done(erasure, addressee, {recall.recipient for recall in told})
        # What is checked at the commit is checked now: from the next line on, only the commit itself can fail.
        connection.check_constraints()
        journal.append(erasure)
    logger.info("person erased erasure=%s again=%s", erasure.ref, is_again)
    return erasure


def _end_everything(subject):
    """{model: {action: rows}}"""
    addresses = endings.addresses_of(subject)
    # Looked up before anything changes: many of the ways to a person lead over what goes first.
    found = [
        (declaration, list(endings.rows_of(declaration, subject, addresses).values_list("pk", flat=True)))
        for declaration in _in_order()
    ]
    suppression.remember(subject, addresses)
    person = endings.Person(subject, addresses, _values(found))
    counts = defaultdict(dict)
    for declaration, keys in found:
        if ended := _end(declaration, declaration.model._default_manager.filter(pk__in=keys), person):
            counts[declaration.model._meta.label][declaration.erase.value] = ended
    return counts


def _in_order():
    """The declarations, each before those of the models to which its keys lead."""
    by_model = {declaration.model: declaration for declaration in declared()}
    referring = {model: set() for model in by_model}
    for model in by_model:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in by_model and field.related_model is not model:
                referring[field.related_model].add(model)
    return [by_model[model] for model in TopologicalSorter(referring).static_order()]


def _values(found):
    """What identifies the person in the rows about them, and would in a message that waits."""
    values = set()
    for declaration, keys in found:
        names = [name for name in declaration.of_class(DataClass.IDENTIFYING) if name not in declaration.never_shown]
        for row in declaration.model._default_manager.filter(pk__in=keys).values_list(*names) if names else ():
            values |= {value for value in row if isinstance(value, str) and value}
    return frozenset(values)


def _end(declaration, rows, person):
    """Does the declared action, or what the app registered in its place. Returns the number of rows."""
    if end := endings.ending_of(declaration.model):
        return end(rows, person)
    match declaration.erase:
        case EraseAction.DELETE:
            _total, by_model = rows.delete()
            return by_model.get(declaration.model._meta.label, 0)
        case EraseAction.EMPTY:
            return rows.update(**empty_values(declaration))
        case EraseAction.UNLINK:
            return rows.count()


def empty_values(declaration):
    """{field: the value that says nothing} of the fields that identify."""
    fields = (declaration.model._meta.get_field(name) for name in declaration.of_class(DataClass.IDENTIFYING))
    return {field.name: _empty(field) for field in fields}


def _empty(field):
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return {}
    return b"" if isinstance(field, models.BinaryField) else ""
