"""What invented people chose about their data, and what staff did since: history for the pages about privacy."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from privacy import consent
from privacy.acting import PORTAL, acting_as
from privacy.models import ChangeClass, Document, Oversight, Recipient
from privacy.policies import drafting, publishing
from privacy.purposes import Purpose

from .facts import SHORT_EMAILS

CONTRACTOR, DELEGATION_COMPANY = "contractor", "delegation-company"
# What version 2 of the site policy says instead.
REWORDED = {
    "en": ("Times are given in Japan", "Times are given, in mails and receipts too, in Japan"),
    "ja": ("時刻は日本時間", "時刻は、メールや控えの記載も含め、日本時間"),
}
SUMMARY = {
    "en": "Says that times in mails and in receipts are in Japan Standard Time, too.",
    "ja": "メールや控えの日時も日本時間であることを明記しました。",
}


@acting_as(duty=PORTAL)
def make():
    """Let people choose, the contractor attest, and the officer announce one version and begin another."""
    officer = User.objects.get(email="officer@demo.example")
    _choose()
    _attest()
    _reword_site_policy(officer)
    drafting.start(Document.PRIVACY, by=officer)


def _choose():
    """The owners in Tokyo and overseas whose log-ins are printed, and every third of the others."""
    domestic, overseas, _applicant = SHORT_EMAILS.values()
    owners = User.objects.filter(is_staff=False)
    tokyo, paris = owners.get(email=domestic).subject, owners.get(email=overseas).subject
    consent.object_to(tokyo, Purpose.CITY_INFORMATION, "city-activities")
    consent.give(tokyo, Purpose.NEWSLETTER, "newsletter")
    consent.withdraw(tokyo, Purpose.NEWSLETTER, "newsletter")
    consent.give(paris, Purpose.NEWSLETTER, "newsletter")
    consent.opt_out(paris, CONTRACTOR)
    for owner in owners.exclude(email__in=[domestic, overseas]).select_related("subject").order_by("pk")[::3]:
        consent.give(owner.subject, Purpose.NEWSLETTER, "newsletter")


def _attest():
    """One of the two has: of the other the pages say that it receives nothing."""
    today = timezone.localdate()
    contractor = Recipient.objects.current(timezone.now()).get(code=CONTRACTOR)
    contractor.attested_on = today - timedelta(days=30)
    contractor.save()
    Oversight.objects.create(
        recipient=contractor,
        on=today - timedelta(days=10),
        result="Demonstration: nothing was looked at",
        next_on=today + timedelta(days=355),
    )


def _reword_site_policy(officer):
    draft = drafting.start(Document.SITE_POLICY, by=officer)
    values = {name: getattr(draft, name) for name in drafting.FIELDS} | {"change_class": ChangeClass.EDITORIAL}
    for text in draft.texts.all():
        values[f"body_{text.language}"] = text.body.replace(*REWORDED[text.language], 1)
        values[f"summary_{text.language}"] = SUMMARY[text.language]
    draft = drafting.save(draft, values, seen=drafting.stamp(draft), by=officer)
    publishing.announce(draft, seen=drafting.stamp(draft), by=officer)
