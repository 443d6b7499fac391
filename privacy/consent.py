"""What a person may say about the use of their data. Each act is written to the ledger once: saying the same again
changes nothing and returns None."""

from functools import wraps

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import audit, ledger, policies
from .models import CurrentState, Document, Matter, State, Subject
from .purposes import RULES, Purpose

# Consent, and a choice that stands for it, is about the privacy policy (R036).
SPOKEN_OF = Document.PRIVACY


def _in_turn(act):
    """The acts of one person follow one another, so that a double click is one act."""

    @wraps(act)
    def in_turn(subject, *arguments, **how):
        with transaction.atomic():
            Subject.objects.select_for_update().get(pk=subject.pk)
            return act(subject, *arguments, **how)

    return in_turn


@_in_turn
def give(subject, purpose, topic="", **how):
    """Agree to `purpose`, for one `topic`. Raises `ValueError` where the purpose does not rest on consent."""
    _must_rest_on_consent(purpose)
    return _say(subject, Matter.CONSENT, State.GIVEN, purpose=purpose, topic=topic, **how)


@_in_turn
def refuse(subject, purpose, topic="", **how):
    """Say no when asked. Raises `ValueError` where the purpose does not rest on consent."""
    _must_rest_on_consent(purpose)
    return _say(subject, Matter.CONSENT, State.REFUSED, purpose=purpose, topic=topic, **how)


@_in_turn
def withdraw(subject, purpose, topic="", **how):
    """Take consent back (GDPR Art. 7(3)). Nothing happens where none was given."""
    current = ledger.state_of(subject.ref, Matter.CONSENT, purpose, topic)
    if current is None or current.state != State.GIVEN:
        return None
    return _say(subject, Matter.CONSENT, State.WITHDRAWN, purpose=purpose, topic=topic, **how)


@_in_turn
def object_to(subject, purpose, topic="", **how):
    """Object to a use (GDPR Art. 21). Raises `ValueError` where the purpose cannot be objected to."""
    if not RULES[Purpose(purpose)].can_be_objected:
        raise ValueError(f"{purpose} cannot be objected to")
    return _say(subject, Matter.OBJECTION, State.MADE, purpose=purpose, topic=topic, **how)


@_in_turn
def take_back_objection(subject, purpose, topic="", **how):
    """Allow a use again. Whoever objected to the purpose as a whole, and allows one topic, keeps the others refused."""
    if topic:
        _lift(subject, Matter.OBJECTION, purpose=purpose, **how)
    return _lift(subject, Matter.OBJECTION, purpose=purpose, topic=topic, **how)


@_in_turn
def stop(subject, purpose, topic="", **how):
    """End a use as its law provides: withdraw the consent, or object. Without a `topic`, all of the purpose.

    Returns the events, none where it had ended already. Raises `ValueError` for a use that nobody can end by a word.
    """
    if not RULES[Purpose(purpose)].needs_consent:
        return list(filter(None, [object_to(subject, purpose, topic, **how)]))
    given = CurrentState.objects.filter(
        subject_ref=subject.ref, matter=Matter.CONSENT, purpose=purpose, state=State.GIVEN
    )
    topics = [topic] if topic else given.order_by("topic").values_list("topic", flat=True)
    return list(filter(None, [withdraw(subject, purpose, one, **how) for one in topics]))


@_in_turn
def opt_out(subject, recipient, **how):
    """Withhold identifying information from the recipient of that code (R063)."""
    return _say(subject, Matter.OPT_OUT, State.MADE, topic=recipient, **how)


@_in_turn
def opt_in(subject, recipient, **how):
    return _lift(subject, Matter.OPT_OUT, topic=recipient, **how)


@_in_turn
def accept(subject, version, **how):
    """Agree to a version of a policy: from now on it binds this person (R004, R005)."""
    return _bind(subject, version, State.ACCEPTED, **how)


@_in_turn
def inform(subject, *, at=None, **how):
    """Everything in force was shown at the moment of collection (`at`, now), and nothing asked for consent (R034).

    Does not move who is bound already: a new version that asks for consent waits for the answer (R004).
    """
    told = CurrentState.objects.filter(subject_ref=subject.ref, matter=Matter.POLICY).values_list("document", flat=True)
    return [
        _append(subject, Matter.POLICY, State.INFORMED, document=document, version=version, **how)
        for document, version in policies.all_in_force(at).items()
        if document not in told
    ]


@_in_turn
def decline(subject, version, **how):
    """Keep the version before `version`, in what is shown and in what is done (R004)."""
    current = ledger.state_of(subject.ref, Matter.REFUSED_POLICY, document=version.document)
    if current and current.version >= version.number:
        return None
    return _append(subject, Matter.REFUSED_POLICY, State.DECLINED, document=version.document, version=version, **how)


@_in_turn
def attest_age(subject, **how):
    """Sixteen or older, and acting for a business (R111)."""
    return _say(subject, Matter.AGE, State.ATTESTED, **how)


@_in_turn
def restrict(subject, *, until=None, **how):
    """Stop every use but storage, rights and what protects others (GDPR Art. 18(2)); lapses at `until`, if given."""
    return _say(subject, Matter.RESTRICTION, State.MADE, valid_until=until, **how)


@_in_turn
def lift_restriction(subject, **how):
    return _lift(subject, Matter.RESTRICTION, **how)


def restrictions():
    """The `CurrentState`s of the people the use of whose data is restricted now."""
    is_in_force = Q(valid_until=None) | Q(valid_until__gt=timezone.now())
    return CurrentState.objects.filter(is_in_force, matter=Matter.RESTRICTION, state=State.MADE)


@_in_turn
def report_child(subject, *, until, **how):
    """Hide the contact data of a person who is said to be a child, at once; lapses at `until` (R113)."""
    current = ledger.state_of(subject.ref, Matter.CHILD)
    if current and current.state == State.MADE and current.valid_until is None:
        return None  # Confirmed already: a new report must not make it lapse.
    return _say(subject, Matter.CHILD, State.MADE, valid_until=until, **how)


@_in_turn
def confirm_child(subject, **how):
    """It is a child: hidden until the data are deleted."""
    return _say(subject, Matter.CHILD, State.MADE, **how)


@_in_turn
def clear_child(subject, **how):
    return _lift(subject, Matter.CHILD, **how)


def _must_rest_on_consent(purpose):
    if not RULES[Purpose(purpose)].needs_consent:
        raise ValueError(f"{purpose} does not rest on consent")


def _bind(subject, version, state, **how):
    current = ledger.state_of(subject.ref, Matter.POLICY, document=version.document)
    if current and current.version >= version.number:
        return None
    return _append(subject, Matter.POLICY, state, document=version.document, version=version, **how)


def _say(subject, matter, state, *, purpose="", topic="", valid_until=None, **how):
    current = ledger.state_of(subject.ref, matter, purpose, topic)
    if current and current.state == state and current.valid_until == valid_until:
        return None
    shown = policies.for_subject(subject, SPOKEN_OF)
    return _append(subject, matter, state, purpose=purpose, topic=topic, valid_until=valid_until, version=shown, **how)


def _lift(subject, matter, *, purpose="", topic="", **how):
    current = ledger.state_of(subject.ref, matter, purpose, topic)
    if current is None or current.state != State.MADE:
        return None
    return _say(subject, matter, State.LIFTED, purpose=purpose, topic=topic, **how)


def _append(subject, matter, state, *, by=None, actor="", language="", **how):
    """`by`: the user who did it, when it was not the person themselves; `actor`: "guardian" or "portal" without one.
    `language`: of what was shown, if it was another than the person's own."""
    is_self = by is None or by.subject_id == subject.pk
    actor = actor or ("self" if is_self else f"staff:{by.ref}")
    event = ledger.append(subject.ref, matter, state, language=language or subject.language, actor=actor, **how)
    if not is_self:
        audit.record(by, "choice of a person recorded", subject, event=event.pk)
    return event
