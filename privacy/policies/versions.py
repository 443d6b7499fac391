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
    state = CurrentState.objects.filter(subject_ref=subject.ref, matter=Matter.POLICY, document=document).first()
    return applicable(versions, state and state.version)


def asked_of(subject, versions=None):
    """[(version, when it was declined, or None)]: of each document the newest version in force that asks `subject` for
    consent and has not got it.

    `versions`: every announced version in ascending order, where the caller has read them already.
    """
    now = timezone.now()
    versions = PolicyVersion.objects.in_force(now) if versions is None else versions
    asking = {
        version.document: version
        for version in versions
        if version.change_class == ChangeClass.CONSENT and version.effective_at <= now
    }
    if not asking:
        return []
    said = CurrentState.objects.filter(
        subject_ref=subject.ref, matter__in=[Matter.POLICY, Matter.REFUSED_POLICY], document__in=asking
    )
    states = {(state.matter, state.document): state for state in said}
    found = []
    for document in filter(asking.get, Document.values):
        version, bound = asking[document], states.get((Matter.POLICY, document))
        declined = states.get((Matter.REFUSED_POLICY, document))
        if bound and bound.version < version.number:
            is_declined = bool(declined) and declined.version >= version.number
            found.append((version, declined.at if is_declined else None))
    return found


def pending_for(subject, versions=None):
    """The versions of `asked_of` that wait for an answer."""
    return [version for version, declined_at in asked_of(subject, versions) if declined_at is None]
