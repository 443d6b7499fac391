from django.db import transaction
from django.utils import timezone

from ..acting import PORTAL, acting_as
from ..models import Request, RequestEvent
from . import clocks, states


@transaction.atomic
def record(request, step, *, by=None, outcome="", codes=()):
    """Write down that `step` was taken; the state and the due dates follow from it. Returns the `RequestEvent`.

    Raises `states.NotNow` where the step is not legal. The steps of one request follow one another.
    """
    lock(request)
    before = list(request.events.order_by("pk"))
    event = RequestEvent(
        request=request,
        at=timezone.now(),
        by=by,
        step=step,
        state=states.after(step, before),
        outcome=outcome,
        codes=[*codes],
    )
    due = clocks.due(request, [*before, event])
    event.due_on, event.internal_on, event.governed_by = due.due_on, due.internal_on, due.governed_by
    event.save()
    return event


@acting_as(duty=PORTAL)
def lock(request):
    """Wait for whoever takes a step of this request at this moment. People may not change a request, so not lock it."""
    Request.objects.select_for_update().get(pk=request.pk)
