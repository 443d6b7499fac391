"""The first versions, recipients and topics, from the files of `privacy/data`; for migrations, hence `apps`."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from ..data import rows, text
from ..purposes import Purpose
from . import fingerprints

DOCUMENTS = ("privacy", "gdpr", "cookies", "security", "terms", "site-policy")


def load_first(apps):
    """Announce version 1 of every document as of now, marked as a draft: no enactment date."""
    version_model, text_model = apps.get_model("privacy", "PolicyVersion"), apps.get_model("privacy", "PolicyText")
    now = timezone.now()
    recipients = sorted(row["code"] for row in rows("recipients.csv"))
    summaries = {row["document"]: row for row in rows("policies/summaries.csv")}
    for document in DOCUMENTS:
        states_uses = document == "privacy"
        version = version_model.objects.create(
            document=document,
            number=1,
            change_class="notice",
            effective_at=now,
            notify_from=now,
            purposes=sorted(Purpose.values) if states_uses else [],
            recipients=recipients if states_uses else [],
        )
        hashes = {}
        for language, _name in settings.LANGUAGES:
            body = text(f"policies/{document}.{language}.md")
            hashes[language] = fingerprints.of_text(body)
            text_model.objects.create(
                version=version,
                language=language,
                body=body,
                summary=summaries[document][language],
                hash=hashes[language],
            )
        version.hash, version.announced_at = fingerprints.of_version(hashes), now
        version.save()


def load_recipients(apps):
    model = apps.get_model("privacy", "Recipient")
    for row in rows("recipients.csv"):
        starts = timezone.make_aware(datetime.fromisoformat(row["valid_from"]))
        model.objects.create(**row | {"valid_from": starts, "purposes": row["purposes"].split()})


def load_topics(apps):
    model = apps.get_model("privacy", "Topic")
    for position, row in enumerate(rows("topics.csv")):
        model.objects.create(position=position, **row)
