"""Which step may follow on which state, and where it leads (R090). Nothing else decides that."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import RequestState, Step

RECEIVED, IDENTITY, COMPLETION, REVIEW = WAITING = [
    RequestState.RECEIVED,
    RequestState.IDENTITY,
    RequestState.COMPLETION,
    RequestState.REVIEW,
]


def _to(state, *states):
    return dict.fromkeys(states, state)


def _stays(*states):
    return {state: state for state in states}


# {step: {state before: state afterwards}}
TRANSITIONS = {
    Step.RECEIVED: {None: RECEIVED},
    Step.ACKNOWLEDGED: _stays(*WAITING),
    Step.CODE_SENT: _to(IDENTITY, RECEIVED, IDENTITY, REVIEW),
    Step.ADDRESS_PROVEN: {IDENTITY: RECEIVED} | _stays(RECEIVED, COMPLETION, REVIEW),
    Step.DOCUMENT_ASKED: _to(IDENTITY, RECEIVED, IDENTITY, REVIEW),
    Step.IDENTITY_SETTLED: {IDENTITY: RECEIVED} | _stays(RECEIVED, COMPLETION, REVIEW),
    Step.COMPLETION_ASKED: _to(COMPLETION, RECEIVED, REVIEW),
    Step.COMPLETED: _to(REVIEW, COMPLETION),
    Step.REVIEWED: _to(REVIEW, RECEIVED),
    Step.EXTENDED: _stays(*WAITING),
    Step.DECIDED: _to(RequestState.DECIDED, REVIEW),
    Step.DELIVERED: _to(RequestState.DELIVERED, RequestState.DECIDED),
    Step.CLOSED: _to(RequestState.CLOSED, RequestState.DELIVERED),
    Step.WITHDRAWN: _to(RequestState.WITHDRAWN, *WAITING),
    Step.ABANDONED: _to(RequestState.ABANDONED, IDENTITY, COMPLETION),
    Step.DUPLICATE: _to(RequestState.DUPLICATE, *WAITING),
    Step.REMINDED: _stays(*WAITING, RequestState.DECIDED),
    Step.LIFTING_TOLD: _stays(RequestState.DECIDED, RequestState.DELIVERED, RequestState.CLOSED),
    Step.LIFTED: _stays(RequestState.DECIDED, RequestState.DELIVERED, RequestState.CLOSED),
}
# Steps that send the person away again are bounded, so that every request comes to its end.
AT_MOST = {
    Step.ACKNOWLEDGED: 1,
    Step.CODE_SENT: 20,
    Step.ADDRESS_PROVEN: 1,
    Step.DOCUMENT_ASKED: 3,
    Step.IDENTITY_SETTLED: 2,
    Step.COMPLETION_ASKED: 3,
    Step.EXTENDED: 1,
}


class NotNow(ValidationError):
    """The request is in a state in which this step is not legal."""


def is_legal(step, events):
    """Whether `step` may follow on `events`, the steps so far in their order."""
    state = events[-1].state if events else None
    taken = sum(event.step == step for event in events)
    return state in TRANSITIONS[step] and taken < AT_MOST.get(step, taken + 1)


def after(step, events):
    """The state to which `step` leads after `events`. Raises `NotNow` where it is not legal."""
    if not is_legal(step, events):
        state = RequestState(events[-1].state).label if events else "–"
        raise NotNow(
            _("“%(step)s” cannot follow now; the request is in the state “%(state)s”."),
            params={"step": Step(step).label, "state": state},
        )
    return TRANSITIONS[step][events[-1].state if events else None]
