"""What personal data is used for. Purposes are code, reviewed like code; recipients and topics are data.

The five purposes of R036 and the eight of R037 map onto these (`Rule.sources`). What is in neither list, such as
advertising that is tailored to a person (R050), has no code here and so cannot happen.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """The six legal bases of GDPR Art. 6(1)."""

    CONSENT = "a", _("Consent (GDPR Art. 6(1)(a))")
    CONTRACT = "b", _("A service that you asked for (GDPR Art. 6(1)(b))")
    LEGAL_OBLIGATION = "c", _("A duty by law (GDPR Art. 6(1)(c))")
    VITAL_INTERESTS = "d", _("Somebody's life or health (GDPR Art. 6(1)(d))")
    PUBLIC_TASK = "e", _("A task in the public interest (GDPR Art. 6(1)(e))")
    LEGITIMATE_INTERESTS = "f", _("Legitimate interests (GDPR Art. 6(1)(f))")


class Whose(models.TextChoices):
    """Whose data they are (GDPR Art. 30(1)(c))."""

    MEMBERS = "members", _("People who act for registered businesses, and those whom these name")
    INQUIRERS = "inquirers", _("People who write to us")
    EVERYBODY = "everybody", _("Everybody whose data the portal holds")
    STAFF = "staff", _("The city's staff")


class Purpose(models.TextChoices):
    ACCOUNT = "account", _("Logging in and looking after your account")
    REGISTRATION = "registration", _("Checking registrations and telling you the result")
    NETWORKING = "operator_networking", _("Bringing Tokyo and overseas operators together")
    INQUIRIES = "inquiry_handling", _("Answering what you ask us")
    NEWSLETTER = "newsletter", _("Sending you the newsletters and email magazines that you agreed to")
    CITY_INFORMATION = "city_information", _("Telling registered operators about the city's own activities")
    SERVICE_NOTICES = "service_notices", _("Telling you about changes of the service and of its policies")
    RIGHTS = "rights", _("Handling what you ask about your own data")
    ADMINISTRATION = "administration", _("Telling the secretariat's staff what waits for them")
    DISCLOSURE = "legal_disclosure", _("Answering courts and authorities where the law asks for it")
    SECURITY = "security", _("Keeping the portal safe and finding faults")
    STATISTICS = "statistics", _("Improving the portal, and statistics that show nobody")


@dataclass(frozen=True)
class Rule:
    """How one purpose may be served. `kept_for` counts from the end of the relation (`Subject.ended_at`)."""

    basis: Basis
    sources: tuple[str, ...]
    kept_for: timedelta = timedelta(0)
    can_be_objected: bool = False
    survives_restriction: bool = False
    # People choose by topic what reaches them, so every use names one (`models.Topic`).
    by_topic: bool = False
    whose: Whose = Whose.MEMBERS
    # Who sees them besides the city and those who work for it.
    also_shown_to: str = ""
    # GDPR Art. 6(1)(f) asks to weigh the interests; the outcome is published with the record of processing (R041).
    balancing: str = ""

    @property
    def needs_consent(self):
        return self.basis == Basis.CONSENT


RULES = {
    Purpose.ACCOUNT: Rule(
        Basis.CONTRACT, ("R036.5", "R037.1", "R037.5"), kept_for=timedelta(days=30), survives_restriction=True
    ),
    Purpose.REGISTRATION: Rule(Basis.PUBLIC_TASK, ("R036.1", "R037.1"), kept_for=timedelta(days=30)),
    Purpose.NETWORKING: Rule(
        Basis.PUBLIC_TASK,
        ("R036.1", "R037.1"),
        can_be_objected=True,
        also_shown_to=_("Approved operators of the other side, in their countries: what a business publishes or sends"),
    ),
    Purpose.INQUIRIES: Rule(
        Basis.PUBLIC_TASK,
        ("R036.2", "R037.3", "R038"),
        kept_for=timedelta(days=365),
        whose=Whose.INQUIRERS,
    ),
    Purpose.NEWSLETTER: Rule(Basis.CONSENT, ("R036.3", "R037.8"), can_be_objected=True, by_topic=True),
    Purpose.CITY_INFORMATION: Rule(
        Basis.LEGITIMATE_INTERESTS,
        ("R036.4", "R037.8"),
        can_be_objected=True,
        by_topic=True,
        balancing=_(
            "A business that registers with the city expects to hear what the city does for its trade. Such mail is "
            "rare, goes to addresses given for work, and stops with one click."
        ),
    ),
    Purpose.SERVICE_NOTICES: Rule(
        Basis.LEGAL_OBLIGATION, ("R010", "R036.5", "R037.2"), kept_for=timedelta(days=30), survives_restriction=True
    ),
    Purpose.RIGHTS: Rule(
        Basis.LEGAL_OBLIGATION,
        ("R036.5", "R090", "R098"),
        kept_for=timedelta(days=3 * 365),
        survives_restriction=True,
        whose=Whose.EVERYBODY,
    ),
    Purpose.ADMINISTRATION: Rule(Basis.PUBLIC_TASK, ("R036.5", "R037.5", "R150"), whose=Whose.STAFF),
    # Whose data, and which, an entry of the register of disclosures says; nothing leaves without one.
    Purpose.DISCLOSURE: Rule(
        Basis.LEGAL_OBLIGATION,
        ("R036.5", "R068", "R080", "R081", "R082"),
        survives_restriction=True,
        whose=Whose.EVERYBODY,
        also_shown_to=_("The court or authority that asks, as far as the law goes"),
    ),
    Purpose.SECURITY: Rule(
        Basis.LEGITIMATE_INTERESTS,
        ("R036.5", "R037.6", "R037.7", "R151"),
        kept_for=timedelta(days=365),
        survives_restriction=True,
        whose=Whose.EVERYBODY,
        balancing=_(
            "Without records of who entered when, nobody could find and end a misuse of the data of all others. The "
            "records are few, are read by few, and are deleted after five years at the latest."
        ),
    ),
    Purpose.STATISTICS: Rule(
        Basis.LEGITIMATE_INTERESTS,
        ("R036.5", "R037.4", "R120", "R122"),
        can_be_objected=True,
        balancing=_(
            "Counts show what to improve. They are made without names, addresses or devices, and rare values go."
        ),
    ),
}

# What portals commonly do with data (R050): which purpose it falls under here, or that it is not done.
CUSTOMARY_USES = {
    "content that suits the person": (Purpose.ACCOUNT, Purpose.NETWORKING),
    "fulfilling requests": (Purpose.REGISTRATION, Purpose.NETWORKING, Purpose.INQUIRIES),
    "improving the service": (Purpose.STATISTICS,),
    "contacting": (Purpose.SERVICE_NOTICES, Purpose.NEWSLETTER, Purpose.CITY_INFORMATION),
    "research": (Purpose.STATISTICS,),
    "customised advertising": (),
}
