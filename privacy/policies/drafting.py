"""Writing the next version: one draft of each document, which nobody overwrites unseen."""

import hashlib
import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from .. import audit
from ..models import ChangeClass, PolicyText, PolicyVersion

FIELDS = ["change_class", "effective_at", "enacted_on", "purposes", "recipients", "notify_from", "notice_until"]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Stale(Exception):
    """Somebody else has changed the draft, or announced or discarded it, since it was read."""


def newest_announced(document):
    """The announced version with the highest number, in force or not; None before the first."""
    return PolicyVersion.objects.announced().filter(document=document).order_by("number").last()


@transaction.atomic
def start(document, *, by):
    """The draft of the next version: the one that there is, or a new one that begins as the newest text."""
    # The newest version is the lock: two who begin at once begin the same draft.
    before = PolicyVersion.objects.announced().filter(document=document).select_for_update().order_by("number").last()
    draft = PolicyVersion.objects.filter(document=document, announced_at=None).first()
    if draft:
        return draft
    draft = PolicyVersion.objects.create(
        document=document,
        number=before.number + 1 if before else 1,
        change_class=ChangeClass.NOTICE,
        purposes=before.purposes if before else [],
        recipients=before.recipients if before else [],
    )
    bodies = dict(before.texts.values_list("language", "body")) if before else {}
    PolicyText.objects.bulk_create(
        PolicyText(version=draft, language=language, body=bodies.get(language, "")) for language in LANGUAGES
    )
    audit.record(by, "policy draft begun", draft)
    return draft


@transaction.atomic
def save(draft, values, *, seen, by):
    """Keep what was written: `values` has FIELDS, and body_LANGUAGE and summary_LANGUAGE. Raises `Stale`."""
    draft = unchanged(draft, seen)
    for name in FIELDS:
        setattr(draft, name, values[name])
    draft.save()
    for language in LANGUAGES:
        text = {"body": values[f"body_{language}"], "summary": values[f"summary_{language}"]}
        draft.texts.update_or_create(language=language, defaults=text)
    audit.record(by, "policy draft changed", draft)
    return draft


@transaction.atomic
def discard(draft, *, seen, by):
    draft = unchanged(draft, seen)
    audit.record(by, "policy draft discarded", draft)
    draft.delete()


def unchanged(draft, seen):
    """The draft, locked, as the page showed it. Raises `Stale`."""
    locked = PolicyVersion.objects.select_for_update().filter(pk=draft.pk, announced_at=None).first()
    if locked is None or stamp(locked) != seen:
        raise Stale
    return locked


def stamp(draft):
    """Stands for everything in a draft, and tells whether it has changed since (see `unchanged`)."""
    values = [getattr(draft, name) for name in FIELDS]
    texts = list(draft.texts.order_by("language").values_list("language", "body", "summary"))
    return hashlib.sha256(json.dumps([values, texts], cls=DjangoJSONEncoder).encode()).hexdigest()[:16]
