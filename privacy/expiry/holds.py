"""What stays although its time is over: held by law, restricted, or with something younger hanging on it."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from .. import consent
from ..declarations import declaration_of
from ..models import LegalHold, Subject


def without_held(rows, kind):
    """`rows` of one model and kind of data, without those that must stay.

    What somebody restricted is theirs to claim with (GDPR Art. 18(1)(c)), and is held like what a court may ask for.
    """
    holds = LegalHold.objects.active().filter(Q(kind="") | Q(kind=kind))
    if holds.filter(subject=None).exists():
        return rows.none()
    kept = Q(pk__in=holds.values("subject")) | Q(ref__in=consent.restrictions().values("subject_ref"))
    declaration = declaration_of(rows.model)
    for subject in Subject.objects.filter(kept, erased_at=None):
        rows = rows.exclude(pk__in=declaration.rows_of(subject).values("pk"))
    return rows


def without_younger(rows):
    """`rows` without those whose deletion would take something along that has a time of its own."""
    for relation in rows.model._meta.related_objects:
        declaration = declaration_of(relation.related_model)
        takes_along = relation.on_delete is models.CASCADE and relation.field.name not in declaration.goes_with
        if takes_along and declaration.is_personal:
            hanging = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.exclude(Exists(hanging))
    return rows
