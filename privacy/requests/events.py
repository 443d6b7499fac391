from ..models import RequestEvent, RequestState
from . import clocks


def record(request, step, state=None, *, by=None, outcome="", codes=()):
    """Write down that `step` was taken. The state stays where it is unless `state` says otherwise."""
    newest = request.newest
    due = clocks.due(request.received_at, request.regimes)
    return RequestEvent.objects.create(
        request=request,
        by=by,
        step=step,
        state=state or (newest.state if newest else RequestState.RECEIVED),
        due_on=due.due_on,
        internal_on=due.internal_on,
        governed_by=due.governed_by,
        outcome=outcome,
        codes=list(codes),
    )
