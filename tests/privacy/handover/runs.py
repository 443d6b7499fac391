"""A recipient with a contract, a key and a profile; officers; and operators to hand over."""

from datetime import timedelta

import pyrage
from django.utils import timezone

from privacy import handover
from privacy.handover import bundle, keys
from privacy.models import Export, ExportKind, ExportProfile, Recipient, RecipientKey
from privacy.purposes import Purpose
from tests.factories import OperatorFactory, UserFactory

CODE = "contractor"
SHOWN = ["contact_name", "contact_email", "telephone"]


class Contractor:
    """The contractor, ready to receive: `identity` opens what is sealed for it."""

    def __init__(self, make_staff, *, rehearsed=True):
        Recipient.objects.filter(code=CODE).update(attested_on=timezone.localdate(), contract_reference="T-2026-1")
        self.identity = pyrage.x25519.Identity.generate()
        self.officer, self.second = make_staff("privacy officer"), make_staff("privacy officer")
        self.staff = make_staff("contractor operations")
        self.key = keys.register(
            RecipientKey(
                recipient=CODE,
                public_key=str(self.identity.to_public()),
                telephone="+81 3-5550-0100",
                expires_at=timezone.now() + timedelta(days=365),
            ),
            by=self.officer,
        )
        keys.confirm(
            self.key, by=self.officer, fingerprint=bundle.fingerprint(self.key.public_key), confirmed_with="見本"
        )
        self.key.refresh_from_db()
        self.profile = ExportProfile.objects.create(
            recipient=CODE, purpose=Purpose.NETWORKING, name_en="Support", name_ja="支援", fields=SHOWN
        )
        if rehearsed:
            self.rehearse()

    def rehearse(self):
        return self.finish(self.built(self.ask(kind=ExportKind.REHEARSAL)))

    def ask(self, **values):
        return handover.request(self.profile, by=self.officer, reason="Monthly", **values)

    def released(self):
        export = self.ask()
        handover.approve(export, by=self.second)
        return fresh(export)

    def built(self, export=None):
        export = export or self.released()
        handover.build(export.pk)
        return fresh(export)

    def opened(self):
        return self.finish(self.built())

    def finish(self, export):
        """Fetched, confirmed, the password read out, opened."""
        handover.confirm(export, by=self.staff, digest=export.sha256)
        handover.read_password(export, by=self.officer, told_to="見本")
        handover.acknowledge(export, by=self.staff)
        return fresh(export)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def operator(**values):
    """An operator whose person in charge shows everything."""
    return OperatorFactory(shown_contact=SHOWN, **values)


def password_of(export, by):
    return handover.read_password(export, by=by, told_to="見本").replace(" ", "")


def nobody():
    return UserFactory()


def only():
    return Export.objects.get(kind=ExportKind.PROVISION)
