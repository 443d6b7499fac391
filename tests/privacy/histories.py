"""Histories of a few people for the tests of the gate, and the oracle: what the rows say, read by brute force."""

from datetime import timedelta

from django.utils import timezone

from privacy import consent
from privacy.models import ChangeClass, Document, LedgerEvent, PolicyVersion, Recipient, Subject
from privacy.purposes import Purpose
from tests.factories import OperatorFactory, SubjectFactory

SHOWN = ["contact_name", "telephone"]
MINIMUM = {"ref", "business_name", "country", "tokyo_municipality", "side"}
EVERYTHING = sorted(Purpose.values)
COMPANIES = ["contractor", "delegation-company", "unattested"]
# (purpose, recipient, topic); the last five are known to nobody.
USES = [
    ("account", "", ""),
    ("registration", "contractor", ""),
    ("operator_networking", "", ""),
    ("operator_networking", "contractor", ""),
    ("operator_networking", "delegation-company", ""),
    ("operator_networking", "unattested", ""),
    ("newsletter", "", "newsletter"),
    ("newsletter", "", "email-magazine"),
    ("newsletter", "contractor", "newsletter"),
    ("city_information", "", "city-activities"),
    ("rights", "", ""),
    ("statistics", "", ""),
    ("statistics", "contractor", ""),
    ("newsletter", "", ""),
    ("newsletter", "", "city-activities"),
    ("operator_networking", "", "newsletter"),
    ("operator_networking", "nobody", ""),
    ("advertising", "", ""),
]

# ---- the oracle: nothing of `privacy` but rows ----

NEEDS_CONSENT = {"newsletter"}
GOES_ON = {"account", "service_notices", "rights", "security"}
TOPICS = {"newsletter": {"newsletter", "email-magazine"}, "city_information": {"city-activities"}}
KEPT_DAYS = {"account": 30, "registration": 30, "inquiry_handling": 365, "service_notices": 30, "rights": 1095}


class Reading:
    """What the rows say at the moment `at`, to somebody who knows no function of the portal."""

    def __init__(self, at):
        self.at = at
        self.events = list(LedgerEvent.objects.filter(at__lte=at).order_by("seq"))
        versions = PolicyVersion.objects.filter(document="privacy", announced_at__isnull=False)
        self.versions = {version.number: version for version in versions if version.effective_at <= at}
        self.recipients = list(Recipient.objects.all())
        self.ended = dict(Subject.objects.values_list("ref", "ended_at"))

    def last(self, subject, matter, purpose="", topic="", document=""):
        key = (subject.ref, matter, purpose, topic, document)
        for row in reversed(self.events):
            if (row.subject_ref, row.matter, row.purpose, row.topic, row.document) == key:
                return row
        return None

    def is_on(self, subject, matter, state, *key):
        row = self.last(subject, matter, *key)
        return row is not None and row.state == state and not (row.valid_until and row.valid_until <= self.at)

    def version_that_binds(self, subject):
        """(the version that applies to `subject`, the one they came under), or (None, None)."""
        told = self.last(subject, "policy", document="privacy")
        if told is None or told.version not in self.versions:
            return None, None
        bound = came_under = self.versions[told.version]
        while (following := self.versions.get(bound.number + 1)) and following.change_class != "consent":
            bound = following
        return bound, came_under

    def is_entitled(self, code, purpose):
        day = timezone.localdate(self.at)
        return any(
            row.code == code and purpose in row.purposes and row.attested_on and row.attested_on <= day
            and row.valid_from <= self.at and (row.valid_until is None or row.valid_until > self.at)
            for row in self.recipients
        )  # fmt: skip

    def may(self, subject, use):
        """Whether the use may be made of the data of `subject`: "all", "minimum" or ""."""
        purpose, recipient, topic = use
        if purpose not in EVERYTHING or topic not in TOPICS.get(purpose, {""}):
            return ""
        for version in self.version_that_binds(subject):
            if (
                version is None
                or purpose not in version.purposes
                or (recipient and recipient not in version.recipients)
            ):
                return ""
        if purpose in NEEDS_CONSENT and not self.is_on(subject, "consent", "given", purpose, topic):
            return ""
        if any(self.is_on(subject, "objection", "made", purpose, about) for about in {"", topic}):
            return ""
        if purpose not in GOES_ON and any(self.is_on(subject, matter, "made") for matter in ("restriction", "child")):
            return ""
        ended = self.ended[subject.ref]
        if ended and ended + timedelta(days=KEPT_DAYS.get(purpose, 0)) <= self.at:
            return ""
        if recipient and not self.is_entitled(recipient, purpose):
            return ""
        return "minimum" if recipient and self.is_on(subject, "opt-out", "made", "", recipient) else "all"


# ---- histories ----


class World:
    """Three people, each the person in charge of an operator; the third was told of nothing yet."""

    def __init__(self, now, clock):
        self.clock, self.start = clock, now
        clock.move_to(now)
        self.people = [SubjectFactory(), SubjectFactory(), SubjectFactory(informed=False)]
        self.operators = [OperatorFactory(contact=person, shown_contact=SHOWN) for person in self.people]
        attested = now.date() - timedelta(days=30)
        Recipient.objects.filter(code="contractor").update(attested_on=attested, purposes=EVERYTHING)
        Recipient.objects.filter(code="delegation-company").update(
            attested_on=attested, valid_until=now + timedelta(days=9), purposes=["operator_networking", "registration"]
        )
        Recipient.objects.create(code="unattested", valid_from=now - timedelta(days=9), purposes=EVERYTHING)

    def pass_time(self, **duration):
        self.clock.shift(timedelta(**duration))

    def play(self, history):
        for act, who in history:
            ACTS[act](self, self.people[who])
            self.pass_time(seconds=1)

    def publish(self, change_class, purposes=EVERYTHING, recipients=COMPANIES):
        newest = PolicyVersion.objects.filter(document=Document.PRIVACY).order_by("number").last()
        now = timezone.now()
        values = {"announced_at": now, "notify_from": now, "hash": f"{newest.number + 1:064}"}
        return PolicyVersion.objects.create(
            document=Document.PRIVACY,
            number=newest.number + 1,
            change_class=change_class,
            effective_at=now + timedelta(hours=6),
            purposes=purposes,
            recipients=recipients,
            **values,
        )

    def accept_newest(self, person):
        in_force = PolicyVersion.objects.filter(document=Document.PRIVACY).in_force(timezone.now())
        consent.accept(person, in_force.last())


def _end(world, person):
    Subject.objects.filter(pk=person.pk).update(ended_at=timezone.now())


def _without(*purposes):
    return [purpose for purpose in EVERYTHING if purpose not in purposes]


WITHOUT_NEWS = _without("newsletter", "statistics")
RESTRICTIVE = {
    "withdraw": lambda world, person: consent.withdraw(person, "newsletter", "newsletter"),
    "refuse": lambda world, person: consent.refuse(person, "newsletter", "newsletter"),
    "object to networking": lambda world, person: consent.object_to(person, "operator_networking"),
    "object to a topic": lambda world, person: consent.object_to(person, "city_information", "city-activities"),
    "object to city information": lambda world, person: consent.object_to(person, "city_information"),
    "restrict": lambda world, person: consent.restrict(person),
    "report a child": lambda world, person: consent.report_child(person, until=timezone.now() + timedelta(days=1)),
    "confirm a child": lambda world, person: consent.confirm_child(person),
    "withhold": lambda world, person: consent.opt_out(person, "contractor"),
    "end": _end,
    "decline": lambda world, person: consent.decline(
        person, PolicyVersion.objects.filter(document=Document.PRIVACY).order_by("number").last()
    ),
}
ACTS = RESTRICTIVE | {
    "inform": lambda world, person: consent.inform(person),
    "accept": lambda world, person: world.accept_newest(person),
    "agree": lambda world, person: consent.give(person, "newsletter", "newsletter"),
    "agree to the magazine": lambda world, person: consent.give(person, "newsletter", "email-magazine"),
    "take back": lambda world, person: consent.take_back_objection(person, "operator_networking"),
    "restrict for a day": lambda world, person: consent.restrict(person, until=timezone.now() + timedelta(days=1)),
    "lift": lambda world, person: consent.lift_restriction(person),
    "clear the child": lambda world, person: consent.clear_child(person),
    "release": lambda world, person: consent.opt_in(person, "contractor"),
    "an hour passes": lambda world, person: world.pass_time(hours=1),
    "a day passes": lambda world, person: world.pass_time(days=1),
    "a month passes": lambda world, person: world.pass_time(days=31),
    "editorial version": lambda world, person: world.publish(ChangeClass.EDITORIAL),
    "notice without news": lambda world, person: world.publish(ChangeClass.NOTICE, WITHOUT_NEWS),
    "notice with everything": lambda world, person: world.publish(ChangeClass.NOTICE),
    "consent without news": lambda world, person: world.publish(ChangeClass.CONSENT, WITHOUT_NEWS),
    "consent with everything": lambda world, person: world.publish(ChangeClass.CONSENT),
    "consent without the contractor": lambda world, person: world.publish(
        ChangeClass.CONSENT, recipients=["unattested"]
    ),
}


def names_of(values):
    """The names of the fields that `gate.fields` gave out."""
    return {name for row in values.values() for name in row}
