"""Which version is in force, and for whom (R004, R012, C1)."""

from django.utils import timezone

from ..models import ChangeClass, CurrentState, Document, Matter, PolicyVersion


def in_force(document, at=None):
    """The newest version of `document` that has taken effect at the moment `at` (now), or None."""
    return PolicyVersion.objects.filter(document=document).in_force(at or timezone.now()).last()


def all_in_force(at=None):
    """{document: its newest version that has taken effect}."""
    return {version.document: version for version in PolicyVersion.objects.in_force(at or timezone.now())}


def applicable(versions, floor):
    """The version that binds who last agreed to, or came under, number `floor`; of `versions` in force, ascending.

    The newest one before the first unaccepted version that asks for consent. None without a floor: who was told nothing
    is bound by nothing, and nothing may be done with their data.
    """
    bound = None
    for version in versions:
        if floor is None or (version.number > floor and version.change_class == ChangeClass.CONSENT):
            break
        bound = version
    return bound


def for_subject(subject, document, at=None):
    """The version of `document` that applies to `subject`: in what they are shown and in what is done (R004)."""
    versions = list(PolicyVersion.objects.filter(document=document).in_force(at or timezone.now()))
    return applicable(versions, _number(subject, Matter.POLICY, document))


def pending_for(subject):
    """The versions in force that ask `subject` for consent and wait for an answer: of each document the newest."""
    now, pending = timezone.now(), []
    for document in Document.values:
        floor = _number(subject, Matter.POLICY, document)
        answered = max(floor or 0, _number(subject, Matter.REFUSED_POLICY, document) or 0)
        asking = PolicyVersion.objects.filter(document=document, change_class=ChangeClass.CONSENT, number__gt=answered)
        newest = asking.in_force(now).last()
        if floor is not None and newest is not None:
            pending.append(newest)
    return pending


def _number(subject, matter, document):
    state = CurrentState.objects.filter(subject_ref=subject.ref, matter=matter, document=document).first()
    return state and state.version
