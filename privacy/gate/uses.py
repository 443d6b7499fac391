"""Using data: what may be used is read, written down as a use, and handed out; nothing leaves unrecorded (R039)."""

import logging
from types import MappingProxyType

from django.db.models import Q, Subquery

from .. import contacts, declarations, policies
from ..acting import for_purpose
from ..models import Document, Matter, ProcessingRecord, Recipient, Subject
from .conditions import use_of, withheld
from .decisions import permitted

logger = logging.getLogger(__name__)
NOTHING = MappingProxyType({})
MAIL = "mail"
BATCH = 500


def fields(subject, purpose, recipient="", topic="", *, surface, by=None, names=None):
    """The values of `subject` that may be used for `purpose`: {row: {field: value}}, read-only, {} when nothing may.

    `surface` says where they go, `by` who asked (a user), `names` which fields are needed (all that are declared).
    """
    if subject is None:
        return NOTHING
    found = _use(Q(pk=subject.pk), purpose, recipient, topic, surface=surface, by=by, names=names)
    if not found:
        logger.info("gate refused purpose=%s recipient=%s surface=%s ref=%s", purpose, recipient, surface, subject.ref)
    return found[0][1] if found else NOTHING


def rows(purpose, recipient="", topic="", *, surface, by=None, names=None):
    """[(subject, values as of `fields`)] of everybody whose data may be used; one record tells how many."""
    return _use(Q(), purpose, recipient, topic, surface=surface, by=by, names=names)


def in_batches(purpose, recipient="", topic="", *, surface, by=None, names=None):
    """Yields what `rows` gives, some hundred people at a time, so that everybody never has to fit into memory.

    Each batch is decided when its turn comes. One record tells of all of them, once the last was taken.
    """
    use, used, subjects, versions = use_of(purpose, recipient, topic), set(), 0, set()
    keys = list(permitted(use).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        found = list(_values_of(use, _annotated(use, Q(pk__in=keys[start : start + BATCH])), names))
        used |= _names_in(found)
        subjects += len(found)
        versions |= _versions_of(use, [subject for subject, _values in found])
        yield found
    if used:
        _write_down(use, used, surface=surface, by=by, subjects=subjects, versions=versions)


def minimum(purpose, recipient):
    """The names of the fields that the recipient gets also of who withholds the others from it (R064)."""
    use = use_of(purpose, recipient)
    return declarations.minimum_for(use.purpose) | _more_than_the_minimum(use) if use else frozenset()


def contact_of(ref, purpose, topic=""):
    """The `Contact` to which one message to `ref` goes; None when none may be sent, or there is no address any more."""
    use = use_of(purpose, topic=topic)
    subjects = _annotated(use, Q(ref=ref))
    contact = contacts.contact_of(ref, use.purpose) if subjects else None
    if contact:
        record(use, subjects, ["email"], surface=MAIL)
    return contact


def seen(subjects, purpose, recipient="", *, names, count, surface, by):
    """Write down that staff saw the fields `names` on a page of the admin, which let them: `count` rows, of the people
    with the keys `subjects` as far as they are known."""
    use = use_of(purpose, recipient)
    known = _with_their_version(use, Subject.objects.filter(pk__in=[key for key in subjects if key]))
    record(use, known, names, count=count, surface=surface, by=by)


def record(use, subjects, names, *, surface, by=None, count=None):
    """Write down a use of the fields `names` of `subjects`, as `_annotated` found them."""
    count = len(subjects) if count is None else count
    return _write_down(use, names, surface=surface, by=by, subjects=count, versions=_versions_of(use, subjects))


def _write_down(use, names, *, surface, by, subjects, versions):
    return ProcessingRecord.objects.create(
        purpose=use.purpose,
        topic=use.topic,
        recipient=use.recipient,
        by_ref=by and by.ref,
        surface=surface,
        subjects=subjects,
        fields=sorted(names),
        versions=sorted(versions),
    )


def _versions_of(use, subjects):
    return {policies.applicable(use.versions, subject.came_under).number for subject in subjects if subject.came_under}


def _use(among, purpose, recipient, topic, *, surface, by, names):
    use = use_of(purpose, recipient, topic)
    found = list(_values_of(use, _annotated(use, among), names))
    if used := _names_in(found):
        record(use, [subject for subject, _values in found], used, surface=surface, by=by)
    return found


def _values_of(use, subjects, names):
    """Yields (subject, values) of those who have any."""
    if not subjects:
        return
    with for_purpose(use.purpose):
        held = declarations.fields_for(subjects, use.purpose)
    minimum = declarations.minimum_for(use.purpose) | _more_than_the_minimum(use)
    for subject in subjects:
        allowed = minimum if subject.is_withheld else None
        values = {row: _frozen(row_values, names, allowed) for row, row_values in held.get(subject.pk, {}).items()}
        if values:
            yield subject, MappingProxyType(values)


def _names_in(found):
    return {name for _subject, values in found for row in values.values() for name in row}


def _annotated(use, among):
    """The permitted ones of `among`, each with the version they came under and whether they withhold."""
    if use is None:
        return []
    found = _with_their_version(use, permitted(use).filter(among)).annotate(is_withheld=withheld(use))
    return list(found.order_by("pk"))


def _with_their_version(use, subjects):
    floor = use.said(Matter.POLICY, document=Document.PRIVACY).values("version")
    return subjects.annotate(came_under=Subquery(floor))


def _more_than_the_minimum(use):
    if not use.recipient:
        return set()
    extra = Recipient.objects.valid(use.at).filter(code=use.recipient).values_list("extra_minimum", flat=True).first()
    return set(extra or ())


def _frozen(values, names, allowed):
    kept = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if (names is None or name in names) and (allowed is None or name in allowed)
    }
    return MappingProxyType(kept)
