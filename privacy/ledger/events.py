from ..models import CurrentState, LedgerEvent
from .terms import terms


def append(
    subject_ref,
    matter,
    state,
    *,
    purpose="",
    topic="",
    version=None,
    document="",
    language="",
    valid_until=None,
    actor="self",
    method="form",
    proof=None,
):
    """Write down one act, for good. Returns the `LedgerEvent`.

    `version` is the `PolicyVersion` that was shown; `document` is given where it is part of what the event is about.
    `proof` is what `proof_of` says; `terms` adds what the law asks for. No argument ever holds a personal value.
    """
    return LedgerEvent.objects.create(
        subject_ref=subject_ref,
        matter=matter,
        state=state,
        purpose=purpose,
        topic=topic,
        document=document,
        version=version and version.number,
        version_hash=version.hash if version else "",
        language=language,
        valid_until=valid_until,
        actor=actor,
        method=method,
        proof=terms(matter, state, purpose, topic, version) | (proof or {}),
    )


def state_of(subject_ref, matter, purpose="", topic="", document=""):
    """The `CurrentState` of a person in one matter, or None when nothing was ever said."""
    return CurrentState.objects.filter(
        subject_ref=subject_ref, matter=matter, purpose=purpose, topic=topic, document=document
    ).first()
