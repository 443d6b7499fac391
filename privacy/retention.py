"""How long each kind of data is kept, from when, and why (R110).

The periods stand here; the privacy officer puts them in force, and nothing is deleted by them before that.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Retention(models.TextChoices):
    SIGN_UP = "sign-up", _("24 hours, if the address is never confirmed; else as long as the account")
    ACCOUNT = "account", _("As long as the account, and 30 days")
    SESSION = "session", _("12 hours after the last log-in")
    REGISTRATION = "registration", _("As long as the business is registered, and a year; a draft never sent, a year")
    OPERATOR = "operator", _("As long as the business is registered, and 30 days")
    LISTING = "listing", _("As long as the business publishes or prepares it")
    CODE = "code", _("A month after it was used or has run out")
    CONVERSATION = "conversation", _("Three years after it was sent")
    INQUIRY = "inquiry", _("A year after the answer; privacy complaints three years")
    MESSAGE = "message", _("The text until it is delivered, the fact of sending a year")
    REQUEST = "request", _("Three years after the answer")
    AUDIT = "audit", _("Five years")
    PROOF = "proof", _("As long as the city must be able to prove it; without a name once the account is deleted")
    PERMANENT = "permanent", _("For good: it tells of nobody")


@dataclass(frozen=True)
class Rule:
    """After `period` from `trigger` the rows go. Without a period they go with what they belong to."""

    period: timedelta | None
    reason: str


RULES = {
    Retention.SIGN_UP: Rule(timedelta(hours=24), _("Nobody has shown that the address is theirs.")),
    Retention.ACCOUNT: Rule(timedelta(days=30), _("Time to notice a mistake, and to close what is open.")),
    Retention.SESSION: Rule(timedelta(hours=12), _("A log-in lasts for a working day.")),
    Retention.REGISTRATION: Rule(timedelta(days=365), _("Decisions must be explained to who applies again.")),
    Retention.OPERATOR: Rule(timedelta(days=30), _("Partners may still have open business.")),
    Retention.LISTING: Rule(None, _("The business decides.")),
    Retention.CODE: Rule(timedelta(days=30), _("Failures of delivery are looked into within a month.")),
    Retention.CONVERSATION: Rule(timedelta(days=3 * 365), _("Reports of abuse may come late.")),
    Retention.INQUIRY: Rule(timedelta(days=365), _("People come back to what they were told.")),
    Retention.MESSAGE: Rule(timedelta(days=365), _("Whether somebody was told is asked months later.")),
    Retention.REQUEST: Rule(timedelta(days=3 * 365), _("The answer must be shown if it is contested.")),
    Retention.AUDIT: Rule(timedelta(days=5 * 365), _("Misuse comes to light late.")),
    Retention.PROOF: Rule(None, _("GDPR Art. 5(2) and 7(1) ask for proof.")),
    Retention.PERMANENT: Rule(None, _("No person can be found in it.")),
}
