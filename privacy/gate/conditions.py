"""When data may be used: the conditions, each one sentence of law or policy, and all of them must hold (R039)."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from .. import policies
from ..models import CurrentState, Document, LedgerEvent, Matter, PolicyVersion, Recipient, State, Topic
from ..purposes import RULES, Purpose, Rule

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Use:
    """What is to be done: for which purpose and topic, by which recipient (a code; "" is the city), at which moment.

    `as_it_was`: decided from the ledger up to `at`, and not from the current states. `versions` are those of the
    privacy policy that have taken effect by `at`, the newest last.
    """

    purpose: Purpose
    recipient: str
    topic: str
    at: datetime
    as_it_was: bool
    versions: list[PolicyVersion] = field(default_factory=list)

    @property
    def rule(self) -> Rule:
        return RULES[self.purpose]

    def said(self, matter, **key):
        """The newest row of the subject of the outer query in this matter; a query of at most one row."""
        key = {"purpose": "", "topic": "", "document": ""} | key
        if not self.as_it_was:
            return CurrentState.objects.filter(subject_ref=OuterRef("ref"), matter=matter, **key)
        newest = LedgerEvent.objects.filter(
            subject_ref=OuterRef(OuterRef("ref")), matter=matter, at__lte=self.at, **key
        ).order_by("-seq")
        return LedgerEvent.objects.filter(seq=Subquery(newest.values("seq")[:1]))

    def holds(self, matter, state, **key):
        still = Q(valid_until__isnull=True) | Q(valid_until__gt=self.at)
        return Q(Exists(self.said(matter, **key).filter(still, state=state)))

    def states(self, version):
        """Whether this version of the privacy policy names the purpose, and the recipient."""
        return self.purpose in version.purposes and (not self.recipient or self.recipient in version.recipients)


def use_of(purpose, recipient="", topic="", at=None):
    """The `Use`, or None for what nobody declared: that is refused, and logged, because a person wrote it (R039)."""
    unknown = next(_unknown(purpose, recipient, topic), None)
    if unknown:
        logger.warning("gate refused unknown %s", unknown)
        return None
    moment = at or timezone.now()
    versions = list(PolicyVersion.objects.filter(document=Document.PRIVACY).in_force(moment))
    return Use(Purpose(purpose), recipient, topic, moment, as_it_was=at is not None, versions=versions)


def _unknown(purpose, recipient, topic):
    """What of it nobody declared."""
    if purpose not in Purpose:
        yield "purpose"
        return
    if recipient and not Recipient.objects.filter(code=recipient).exists():
        yield "recipient"
    by_topic = RULES[purpose].by_topic
    if (topic or by_topic) and not (by_topic and Topic.objects.filter(purpose=purpose, code=topic).exists()):
        yield "topic"


def stated_in_the_policy(use):
    """The version that binds the person states the purpose and the recipient, and so did the one they came under: what
    was added later covers them once they agree (R004, R040)."""
    floors = [
        version.number
        for version in use.versions
        if use.states(version) and use.states(policies.applicable(use.versions, version.number))
    ]
    return Q(Exists(use.said(Matter.POLICY, document=Document.PRIVACY).filter(version__in=floors)))


def agreed(use):
    """Consent was given for the purpose and topic, and not taken back, where the purpose rests on it."""
    if not use.rule.needs_consent:
        return Q()
    return use.holds(Matter.CONSENT, State.GIVEN, purpose=use.purpose, topic=use.topic)


def not_objected(use):
    """The person has not objected to the purpose, nor to this topic of it (GDPR Art. 21)."""
    return ~_any(use.holds(Matter.OBJECTION, State.MADE, purpose=use.purpose, topic=topic) for topic in {"", use.topic})


def not_restricted(use):
    """Processing is not restricted, unless the purpose may go on (GDPR Art. 18(2))."""
    return Q() if use.rule.survives_restriction else ~use.holds(Matter.RESTRICTION, State.MADE)


def not_a_child(use):
    """Nobody says that the data are a child's (R113)."""
    return Q() if use.rule.survives_restriction else ~use.holds(Matter.CHILD, State.MADE)


def not_too_old(use):
    """The relation lasts, or ended no longer ago than the purpose may go on (R110)."""
    return Q(ended_at__isnull=True) | Q(ended_at__gt=use.at - use.rule.kept_for)


def recipient_is_entitled(use):
    """The recipient works for the city at that moment, for this purpose, and attested its measures (R060, R066)."""
    if not use.recipient:
        return Q()
    entitled = Recipient.objects.valid(use.at).filter(code=use.recipient, purposes__contains=[use.purpose])
    return Q(Exists(entitled))


CONJUNCTS = [
    stated_in_the_policy,
    agreed,
    not_objected,
    not_restricted,
    not_a_child,
    not_too_old,
    recipient_is_entitled,
]


def withheld(use):
    """That the person withholds from the recipient what identifies them (R063)."""
    return Exists(use.said(Matter.OPT_OUT, topic=use.recipient).filter(state=State.MADE))


def _any(conditions):
    either = Q(pk__in=[])
    for condition in conditions:
        either |= condition
    return either
