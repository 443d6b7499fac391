"""`python -m tests.journeys.handed_over EMAIL LANGUAGE`: an operator whose data the contractor has fetched and opened.

As `test_handover` does it in the browser. What is sealed for the contractor from now on opens with a key of its own.
"""

import json
import sys
from datetime import timedelta

import django
from django.db import transaction
from django.utils import timezone

from privacy.acting import PORTAL, acting_as

CONTACT = {"en": "Mio Mihon", "ja": "見本 みお"}
BUSINESS = {"en": ("桟橋の宿", "Sanbashi Inn"), "ja": ("灯台の宿", "Todai Inn")}


@acting_as(duty=PORTAL)
@transaction.atomic
def make(email, language):
    """What the journey needs to know: "password", "contact" (as the other side reads it), "listing", "row" (the key in
    the table of the hand-over), "export" (the number of the hand-over), "identity" (the contractor's private key)."""
    from tests.factories import PASSWORD

    operator, listing = _operator(email, language)
    export, identity = _hand_over()
    return {
        "password": PASSWORD,
        "contact": CONTACT[language],
        "listing": listing.ref,
        "row": operator.pk,
        "export": export.number,
        "identity": str(identity),
    }


def _operator(email, language):
    from directory.services import publish
    from tests.factories import ListingDraftFactory, MembershipFactory, OperatorFactory, SubjectFactory

    subject = SubjectFactory(language=language)
    name, romanised = BUSINESS[language]
    operator = OperatorFactory(
        business_name=name,
        business_name_romanised=romanised,
        contact=subject,
        contact_name=CONTACT[language],
        contact_email=email,
        shown_contact=["contact_name", "contact_email"],
    )
    owner = MembershipFactory(operator=operator, user__email=email, user__subject=subject).user
    return operator, publish(ListingDraftFactory(operator=operator), by=owner)


def _hand_over():
    """In one transaction: no worker is faster."""
    import pyrage

    from accounts.models import User
    from privacy import handover
    from privacy.handover import bundle, keys
    from privacy.models import ExportKind, ExportProfile, RecipientKey

    addresses = ("officer@city.example", "second@city.example", "desk@contractor.example")
    officer, second, desk = (User.objects.get(email=address) for address in addresses)
    identity = pyrage.x25519.Identity.generate()
    expires_at = timezone.now() + timedelta(days=365)
    public = str(identity.to_public())
    key = RecipientKey(recipient=desk.recipient, public_key=public, telephone="+81 3-5550-0100", expires_at=expires_at)
    keys.confirm(keys.register(key, by=officer), by=officer, fingerprint=bundle.fingerprint(public), confirmed_with="-")
    profile = ExportProfile.objects.filter(recipient=desk.recipient).earliest("pk")

    def opened(export):
        handover.build(export.pk)
        export.refresh_from_db()
        handover.confirm(export, by=desk, digest=export.sha256)
        handover.read_password(export, by=officer, told_to="-")
        handover.acknowledge(export, by=desk)
        return export

    opened(handover.request(profile, reason="-", by=officer, kind=ExportKind.REHEARSAL))
    export = handover.request(profile, reason="-", by=officer)
    handover.approve(export, by=second)
    return opened(export), identity


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make(*sys.argv[1:]), default=str))  # noqa: T201
