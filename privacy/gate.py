"""The one way to personal data outside a person's own pages (R039). Default deny: what is not declared is refused."""

import logging
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from . import declarations, policies
from .models import CurrentState, Document, LedgerEvent, Matter, PolicyVersion, Recipient, State, Subject
from .purposes import RULES, Purpose, Rule

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Use:
    """What is to be done: for which purpose and topic, by which recipient (a code; "" is the city), at which moment.

    `as_it_was`: decided from the ledger up to `at`, and not from the current states.
    """

    purpose: Purpose
    recipient: str
    topic: str
    at: datetime
    as_it_was: bool

    @property
    def rule(self) -> Rule:
        return RULES[self.purpose]


def _said(use, matter, **key):
    """The newest row of the subject of the outer query in this matter; a query of at most one row."""
    key = {"purpose": "", "topic": "", "document": ""} | key
    if not use.as_it_was:
        return CurrentState.objects.filter(subject_ref=OuterRef("ref"), matter=matter, **key)
    newest = LedgerEvent.objects.filter(
        subject_ref=OuterRef(OuterRef("ref")), matter=matter, at__lte=use.at, **key
    ).order_by("-seq")
    return LedgerEvent.objects.filter(seq=Subquery(newest.values("seq")[:1]))


def _holds(use, matter, state, **key):
    still = Q(valid_until__isnull=True) | Q(valid_until__gt=use.at)
    return Q(Exists(_said(use, matter, **key).filter(still, state=state)))


def stated_in_the_policy(use):
    """The version that binds the person states the purpose and the recipient, and so did the one they came under: what
    was added later covers them once they agree (R004, R040)."""
    versions = list(PolicyVersion.objects.filter(document=Document.PRIVACY).in_force(use.at))

    def states(version):
        return use.purpose in version.purposes and (not use.recipient or use.recipient in version.recipients)

    floors = [
        version.number
        for version in versions
        if states(version) and states(policies.applicable(versions, version.number))
    ]
    return Q(Exists(_said(use, Matter.POLICY, document=Document.PRIVACY).filter(version__in=floors)))


def agreed(use):
    """Consent was given for the purpose and topic, and not taken back, where the purpose rests on it."""
    if not use.rule.needs_consent:
        return Q()
    return _holds(use, Matter.CONSENT, State.GIVEN, purpose=use.purpose, topic=use.topic)


def not_objected(use):
    """The person has not objected to the purpose, nor to this topic of it (GDPR Art. 21)."""
    topics = {"", use.topic}
    objected = (_holds(use, Matter.OBJECTION, State.MADE, purpose=use.purpose, topic=topic) for topic in topics)
    return ~_any(objected)


def not_restricted(use):
    """Processing is not restricted, unless the purpose may go on (GDPR Art. 18(2))."""
    return Q() if use.rule.survives_restriction else ~_holds(use, Matter.RESTRICTION, State.MADE)


def not_a_child(use):
    """Nobody says that the data are a child's (R113)."""
    return Q() if use.rule.survives_restriction else ~_holds(use, Matter.CHILD, State.MADE)


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


def permitting(purpose, recipient="", topic="", at=None):
    """The subjects whose data may be used for `purpose`, as a queryset; at a past moment `at`, as it was then."""
    use = _use(purpose, recipient, topic, at)
    if use is None:
        return Subject.objects.none()
    return Subject.objects.filter(*(conjunct(use) for conjunct in CONJUNCTS))


def fields(subject, purpose, recipient=""):
    """The values of `subject` that may be used for `purpose`, read-only; empty when nothing may."""
    if subject is None or not permitting(purpose, recipient).filter(pk=subject.pk).exists():
        return MappingProxyType({})
    return MappingProxyType(declarations.fields_for(subject, purpose))


def may_send(ref, purpose):
    """Whether a message to the subject `ref` may leave for `purpose`; asked at delivery, not when queueing."""
    return permitting(purpose).filter(ref=ref).exists()


def why(subject, purpose, recipient="", topic="", at=None):
    """How the decision about one person comes about: [(conjunct, whether it holds)]; empty for an unknown purpose."""
    use = _use(purpose, recipient, topic, at)
    if use is None:
        return []
    one = Subject.objects.filter(pk=subject.pk)
    return [(conjunct, one.filter(conjunct(use)).exists()) for conjunct in CONJUNCTS]


def _use(purpose, recipient, topic, at):
    if purpose not in Purpose:
        logger.warning("gate refused unknown purpose")
        return None
    return Use(Purpose(purpose), recipient, topic, at or timezone.now(), as_it_was=at is not None)


def _any(conditions):
    either = Q(pk__in=[])
    for condition in conditions:
        either |= condition
    return either
