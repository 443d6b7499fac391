"""The state of privacy on one page for staff: what is open, what is overdue, and what proves the rest (R154, R110)."""

from collections import Counter

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from . import breaches, reviews
from .ledger import checkpoints
from .models import (
    Breach,
    Disclosure,
    Erasure,
    Export,
    LedgerEvent,
    Matter,
    Request,
    RequestState,
    RetentionOutcome,
    RetentionRule,
    RetentionRun,
    State,
)

MONTHS = 12


def requests():
    """The open requests: {"states": [(state, count)], "overdue": count, "next": the earliest due day or None}."""
    rows = list(Request.objects.open().values_list("state", "due_on"))
    counts = Counter(state for state, _due_on in rows)
    days = [due_on for _state, due_on in rows if due_on]
    return {
        "states": [(state, counts[state]) for state in RequestState if counts[state]],
        "overdue": sum(day < timezone.localdate() for day in days),
        "next": min(days, default=None),
    }


def consents():
    """[(month, given, refused, taken back)] of the newest months in which anybody said something, the newest first."""
    said = LedgerEvent.objects.filter(matter=Matter.CONSENT).annotate(month=TruncMonth("at")).values("month")
    counts = {
        state.value.replace(" ", "_"): Count("pk", filter=Q(state=state))
        for state in (State.GIVEN, State.REFUSED, State.WITHDRAWN)
    }
    return list(said.annotate(**counts).order_by("-month").values_list("month", *counts)[:MONTHS])


def hand_overs():
    """{what waits: count}: for release, to be fetched, to be acknowledged, to be destroyed."""
    alive = Export.objects.filter(cancelled_at=None, failed_at=None)
    built = alive.filter(built_at__isnull=False)
    today = timezone.localdate()
    return {
        "release": alive.filter(approved_at=None, built_at=None).exclude(kind="recall").count(),
        "fetch": built.filter(confirmed_at=None, expires_at__gt=timezone.now()).count(),
        "acknowledge": built.filter(confirmed_at__isnull=False, acknowledged_at=None).count(),
        "destroy": built.filter(delete_by__lt=today, destroyed_at=None).count(),
        "failed": Export.objects.filter(failed_at__isnull=False, cancelled_at=None).count(),
    }


def retention():
    """The newest real run, the results of it that wait for a person, and how many times are not in force."""
    run = RetentionRun.objects.filter(is_dry=False).first()
    stopped = run.results.filter(outcome=RetentionOutcome.STOPPED, released_at=None).count() if run else 0
    return {"run": run, "stopped": stopped, "unsigned": RetentionRule.objects.filter(signed_at=None).count()}


def erasures():
    """Those under way, and those whose day has come without being done."""
    waiting = Erasure.objects.filter(called_off_at=None, done_at=None)
    return {"waiting": waiting.count(), "late": waiting.filter(due_at__lt=timezone.now()).count()}


def registers():
    """Open breaches, those with an overdue duty, disclosures that wait for a second officer."""
    undecided = Disclosure.objects.filter(approved_at=None, refused_at=None)
    return {
        "breaches": Breach.objects.filter(closed_at=None).count(),
        "overdue": len(breaches.overdue()),
        "disclosures": undecided.count(),
    }


def everything():
    """The context of the page."""
    return {
        "requests": requests(),
        "consents": consents(),
        "hand_overs": hand_overs(),
        "retention": retention(),
        "erasures": erasures(),
        "registers": registers(),
        "reviews": reviews.due(),
        "checkpoint": checkpoints.newest(),
        "events": LedgerEvent.objects.order_by("-seq").values_list("seq", flat=True).first() or 0,
    }
