"""Hand-overs for the pages about them: one waits for release, one was fetched. Nobody holds the keys: they are thrown
away, so nothing that is sealed here can be opened."""

from datetime import timedelta

import pyrage
from django.utils import timezone

from accounts.models import User
from privacy import handover
from privacy.acting import PORTAL, acting_as
from privacy.handover import bundle, keys
from privacy.models import Export, ExportKind, ExportProfile, Recipient, RecipientKey
from privacy.purposes import Purpose

from . import loading

CODE = "contractor"
TELEPHONE = "+81 3-5550-0100"
CONFIRMED_WITH = "Demonstration"
# (recipient, name in English, name in Japanese, fields)
PROFILES = [
    (CODE, "Support of operators", "登録事業者の支援", ["contact_name", "contact_email", "telephone"]),
    ("delegation-company", "Running the service", "サービスの運営", ["contact_email"]),
]


@acting_as(duty=PORTAL)
def make_from_demonstration():
    """With the people whose log-ins are printed."""
    emails = ["officer@demo.example", loading.SECOND_OFFICER, loading.CONTRACTOR_STAFF]
    make(*(User.objects.get(email=email) for email in emails))


def make(officer, second, contractor):
    """Let `officer` and `second` hand over to the company of `contractor`. Returns the rows by name."""
    Recipient.objects.filter(code=CODE).update(
        attested_on=timezone.localdate() - timedelta(days=30), contract_reference="DEMO-2026-1"
    )
    profile, *_others = [
        ExportProfile.objects.create(
            recipient=recipient, purpose=Purpose.NETWORKING, name_en=name_en, name_ja=name_ja, fields=fields
        )
        for recipient, name_en, name_ja, fields in PROFILES
    ]
    key, unconfirmed = _key(officer), _key(officer)
    keys.confirm(key, by=officer, fingerprint=bundle.fingerprint(key.public_key), confirmed_with=CONFIRMED_WITH)
    rehearsal = _built(handover.request(profile, reason="2026-10", by=officer, kind=ExportKind.REHEARSAL))
    handover.confirm(rehearsal, by=contractor, digest=rehearsal.sha256)
    handover.read_password(rehearsal, by=officer, told_to=CONFIRMED_WITH)
    handover.acknowledge(rehearsal, by=contractor)
    fetched = handover.request(profile, reason="2026-11", by=officer)
    handover.approve(fetched, by=second)
    fetched = _built(fetched)
    handover.confirm(fetched, by=contractor, digest=fetched.sha256)
    waiting = handover.request(profile, reason="2026-12", by=second)
    return {
        "recipientkey": key,
        "unconfirmed": unconfirmed,
        "exportprofile": profile,
        "export": waiting,
        "fetched": fetched,
    }


def _key(officer):
    public = str(pyrage.x25519.Identity.generate().to_public())
    expires_at = timezone.now() + timedelta(days=365)
    key = RecipientKey(recipient=CODE, public_key=public, telephone=TELEPHONE, expires_at=expires_at)
    return keys.register(key, by=officer)


def _built(export):
    handover.build(export.pk)
    return Export.objects.get(pk=export.pk)
