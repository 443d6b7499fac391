"""The official text of a document, as the city gives it, becomes a draft that can be announced (R003)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import drafting, fingerprints

# Unless somebody plans it otherwise.
NOTICE_STAYS = timedelta(days=14)


@transaction.atomic
def load(document, values, *, by=None):
    """Write `values` (as `drafting.save` has them; what is missing stays as it was) into the draft of `document`.

    Returns (version, whether anything is new): the version that says exactly this already, announced or draft, if there
    is one. Loading twice is loading once.
    """
    announced = drafting.newest_announced(document)
    if announced and _says(announced, values):
        return announced, False
    draft = drafting.start(document, by=by)
    current = {name: getattr(draft, name) for name in drafting.FIELDS}
    for text in draft.texts.all():
        current |= {f"body_{text.language}": text.body, f"summary_{text.language}": text.summary}
    wanted = current | values
    if wanted["effective_at"]:
        wanted["notify_from"] = wanted["notify_from"] or timezone.now()
        wanted["notice_until"] = wanted["notice_until"] or wanted["effective_at"] + NOTICE_STAYS
    if wanted == current:
        return draft, False
    return drafting.save(draft, wanted, seen=drafting.stamp(draft), by=by), True


def _says(version, values):
    """Whether `version` holds the texts, the day of enactment, the purposes and the recipients that `values` give."""
    stated = {name: getattr(version, name) for name in ("enacted_on", "purposes", "recipients")}
    hashes = dict(version.texts.values_list("language", "hash"))
    is_same_text = all(
        fingerprints.of_text(values[f"body_{language}"]) == hashes.get(language) for language in drafting.LANGUAGES
    )
    return is_same_text and all(values.get(name, stated[name]) == stated[name] for name in stated)
