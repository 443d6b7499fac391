"""How long each kind of data is kept: from which moment, what then becomes of it, and why (R110).

The periods stand here; the privacy officer puts them in force, and nothing is deleted by them before that.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _


class Retention(models.TextChoices):
    """The kinds of data, as far as their times differ. Rows of a model that has several go by whichever fits them."""

    SIGN_UP = "sign-up", _("Sign-up whose address nobody confirmed")
    ACCOUNT = "account", _("Account")
    SESSION = "session", _("Log-in")
    DRAFT = "draft", _("Application that was never sent")
    DECLINED = "declined", _("Application that was declined")
    REGISTERED = "registered", _("Application that was approved")
    OPERATOR = "operator", _("Registered business")
    LISTING = "listing", _("Listing")
    CODE = "code", _("Code sent by email, invitation, request to join")
    CONVERSATION = "conversation", _("Introduction")
    INQUIRY = "inquiry", _("Inquiry")
    COMPLAINT = "complaint", _("Complaint about privacy")
    MESSAGE_TEXT = "message-text", _("Content of an email")
    MESSAGE = "message", _("The fact that an email was sent")
    REQUEST = "request", _("Request about one’s own data")
    PAPER = "paper", _("Paper sent for a request, such as proof of identity")
    AUDIT = "audit", _("Record of what staff did or saw")
    PROOF = "proof", _("Proof of what was told, agreed to or refused")
    PERMANENT = "permanent", _("What tells of nobody")

    @property
    def rule(self):
        return RULES[self]


class Trigger(models.TextChoices):
    """The moment from which a time counts, as a sentence with the time in it."""

    SIGNED_UP = "signed up", _("%(period)s after the sign-up")
    LOGGED_IN = "logged in", _("%(period)s after the log-in")
    CLOSED = "account closed", _("%(period)s after the account is closed")
    LEFT = "registration ended", _("%(period)s after the registration of the business ends")
    CHANGED = "changed", _("%(period)s after the last change")
    DECIDED = "decided", _("%(period)s after the decision")
    REMOVED = "removed", _("At once when the business removes it")
    ENDED = "used or run out", _("%(period)s after it was used or ran out")
    SENT = "sent", _("%(period)s after it was sent")
    DELIVERED = "delivered", _("At once when it has arrived, or can no longer arrive")
    ANSWERED = "answered", _("%(period)s after the answer")
    RECORDED = "recorded", _("%(period)s after it was recorded")
    PROVEN = "no longer to be proved", _("When the city need no longer prove it; nameless from the end of the account")
    NEVER = "never", _("Never")


class EraseAction(models.TextChoices):
    """What becomes of rows whose time is over, or whose person is erased."""

    DELETE = "delete", _("Deleted")
    EMPTY = "empty", _("Emptied of what identifies")
    UNLINK = "unlink", _("Kept without the name")


@dataclass(frozen=True)
class Rule:
    """`period` after the `trigger` comes the `action`, for the `reason`."""

    trigger: Trigger
    period: timedelta
    reason: str
    action: EraseAction = EraseAction.DELETE

    @property
    def until(self):
        """When, in words."""
        return self.trigger.label % {"period": _in_words(self.period)}


def in_words(retentions):
    """When each of several kinds goes; which kind is meant is said where there is more than one."""
    if len(retentions) == 1:
        return [one.rule.until for one in retentions]
    return [gettext("%(kind)s: %(when)s") % {"kind": one.label, "when": one.rule.until} for one in retentions]


def _in_words(period):
    days = period.days
    if days and days % 365 == 0:
        return ngettext("%(count)s year", "%(count)s years", days // 365) % {"count": days // 365}
    if days > 1:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    hours = period // timedelta(hours=1)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


AT_ONCE = timedelta(0)
MONTH, YEAR = timedelta(days=30), timedelta(days=365)

RULES = {
    Retention.SIGN_UP: Rule(Trigger.SIGNED_UP, timedelta(hours=24), _("Nobody has shown that the address is theirs.")),
    Retention.ACCOUNT: Rule(Trigger.CLOSED, MONTH, _("Time to notice a mistake, and to close what is open.")),
    Retention.SESSION: Rule(Trigger.LOGGED_IN, timedelta(hours=12), _("A log-in lasts for a working day.")),
    Retention.DRAFT: Rule(Trigger.CHANGED, YEAR, _("Papers for an application can take months to gather.")),
    Retention.DECLINED: Rule(Trigger.DECIDED, YEAR, _("Decisions must be explained to who applies again.")),
    Retention.REGISTERED: Rule(Trigger.LEFT, YEAR, _("Decisions must be explained to who applies again.")),
    Retention.OPERATOR: Rule(Trigger.LEFT, MONTH, _("Partners may still have open business.")),
    Retention.LISTING: Rule(Trigger.REMOVED, AT_ONCE, _("The business decides.")),
    Retention.CODE: Rule(Trigger.ENDED, MONTH, _("Failures of delivery are looked into within a month.")),
    Retention.CONVERSATION: Rule(Trigger.SENT, 3 * YEAR, _("Reports of abuse may come late.")),
    Retention.INQUIRY: Rule(Trigger.ANSWERED, YEAR, _("People come back to what they were told.")),
    Retention.COMPLAINT: Rule(Trigger.ANSWERED, 3 * YEAR, _("The answer must be shown if it is contested.")),
    Retention.MESSAGE_TEXT: Rule(Trigger.DELIVERED, AT_ONCE, _("It is in the reader’s mailbox."), EraseAction.EMPTY),
    Retention.MESSAGE: Rule(Trigger.SENT, YEAR, _("Whether somebody was told is asked months later.")),
    Retention.REQUEST: Rule(Trigger.ANSWERED, 3 * YEAR, _("The answer must be shown if it is contested.")),
    Retention.PAPER: Rule(Trigger.ANSWERED, MONTH, _("Its only use was the answer."), EraseAction.EMPTY),
    Retention.AUDIT: Rule(Trigger.RECORDED, 5 * YEAR, _("Misuse comes to light late.")),
    Retention.PROOF: Rule(Trigger.PROVEN, AT_ONCE, _("GDPR Art. 5(2) and 7(1) ask for proof."), EraseAction.UNLINK),
    Retention.PERMANENT: Rule(Trigger.NEVER, AT_ONCE, _("No person can be found in it.")),
}
