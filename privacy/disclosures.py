"""The register of disclosures to courts and authorities: nothing leaves without an entry of it (R080-R082, R068)."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import audit, gate, ledger
from .declarations import declared
from .handover import bundle
from .models import Disclosure, DisclosureSubject, Matter, State, Subject
from .purposes import Purpose


def places():
    """{place: (kind of data, field)} of everything that can be disclosed: personal, and no secret."""
    return {
        f"{one.model._meta.label}.{name}": (one.name, one.label(name))
        for one in declared()
        if one.subjects
        for name in one.readable([*one.personal, *one.of_class("business")])
    }


@transaction.atomic
def enter(disclosure, subject_refs, *, by):
    """Enter what was asked (`disclosure` is not saved yet) about these persons (references)."""
    if not subject_refs:
        raise ValidationError(_("Name at least one person."))
    disclosure.entered_by = by
    disclosure.full_clean(exclude=["ref"])
    disclosure.save()
    DisclosureSubject.objects.bulk_create(
        DisclosureSubject(disclosure=disclosure, subject_ref=ref) for ref in sorted(set(subject_refs))
    )
    _write(disclosure, State.REQUESTED, gettext_noop("disclosure entered"), by)
    return disclosure


@transaction.atomic
def approve(disclosure, *, by):
    """The second officer agrees to exactly what is entered. Raises `ValidationError` for the first one."""
    disclosure = _undecided(disclosure)
    if disclosure.entered_by_id == by.pk:
        raise ValidationError(_("Another officer than the one who entered it must approve."))
    disclosure.approved_by, disclosure.approved_at = by, timezone.now()
    disclosure.save(update_fields=["approved_by", "approved_at"])
    _write(disclosure, State.APPROVED, gettext_noop("disclosure approved"), by)


@transaction.atomic
def refuse(disclosure, *, by):
    """Nothing leaves."""
    disclosure = _undecided(disclosure)
    disclosure.refused_by, disclosure.refused_at = by, timezone.now()
    disclosure.save(update_fields=["refused_by", "refused_at"])
    _write(disclosure, State.REFUSED, gettext_noop("disclosure refused"), by)


@transaction.atomic
def extract(disclosure, *, by):
    """The JSON (bytes) of the fields of the entry, of the persons of the entry, and of nothing else.

    Raises `ValidationError` where it is not approved. Each extract is a use that is written down.
    """
    disclosure = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
    if disclosure.approved_at is None:
        raise ValidationError(_("Without an approved entry nothing leaves."))
    refs = list(disclosure.subjects.order_by("subject_ref").values_list("subject_ref", flat=True))
    subjects = list(Subject.objects.filter(ref__in=refs).order_by("ref"))
    data = {
        "disclosure": str(disclosure),
        "reference": disclosure.case_reference,
        "persons": [{"reference": str(subject.ref), "data": _of(subject, disclosure.fields)} for subject in subjects],
    }
    names = {place.rpartition(".")[2] for place in disclosure.fields}
    keys = [subject.pk for subject in subjects]
    gate.seen(keys, Purpose.DISCLOSURE, names=names, count=len(keys), surface=f"disclosure {disclosure}", by=by)
    if disclosure.extracted_at is None:
        disclosure.extracted_by, disclosure.extracted_at = by, timezone.now()
        disclosure.save(update_fields=["extracted_by", "extracted_at"])
    _write(disclosure, State.FETCHED, gettext_noop("disclosure extracted"), by)
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def sealed(name, content, password):
    """A ZIP (AES-256) of one file that opens with `password`."""
    return b"".join(bundle.zipped([(name, [content])], password))


def of(subject):
    """The disclosures about a person that they may know of, with an extract made; the newest first."""
    today = timezone.localdate()
    made = Disclosure.objects.filter(subjects__subject_ref=subject.ref, extracted_at__isnull=False)
    return [one for one in made if one.sealed_until is None or one.sealed_until < today]


def fingerprint(disclosure):
    """What binds the decision to what is entered (hexadecimal SHA-256)."""
    refs = disclosure.subjects.order_by("subject_ref").values_list("subject_ref", flat=True)
    said = [
        disclosure.requester,
        disclosure.case_reference,
        disclosure.requested_on.isoformat(),
        disclosure.ground,
        disclosure.article,
        disclosure.reasoning,
        sorted(disclosure.fields),
        disclosure.sealed_until and disclosure.sealed_until.isoformat(),
        [str(ref) for ref in refs],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _of(subject, fields):
    """[{kind, values}] of the rows of a person, as far as the entry goes."""
    allowed = places()
    found = []
    for one in declared():
        label = one.model._meta.label
        names = [name for name in one.classes if f"{label}.{name}" in fields and f"{label}.{name}" in allowed]
        if names:
            rows = one.rows_of(subject).order_by("pk")
            found += [{"kind": label, "values": {name: getattr(row, name) for name in names}} for row in rows]
    return found


def _undecided(disclosure):
    disclosure = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
    if disclosure.approved_at or disclosure.refused_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    return disclosure


def _write(disclosure, state, act, by):
    actor = f"staff:{by.ref}"
    proof = {"content": fingerprint(disclosure)}
    ledger.append(disclosure.ref, Matter.DISCLOSURE, state, actor=actor, method="form", proof=proof)
    audit.record(by, act, disclosure, content=proof["content"])
