"""The state of privacy on one page for staff: what is open, what is overdue, and what proves the rest (R154, R110)."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

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
SOON = timedelta(days=7)


def requests():
    """The open requests: {"states": [(state, count)], "overdue": count, "soon": count due within a week, "next": the
    earliest due day or None}. Of what is answered no day is due."""
    counts = Counter(Request.objects.open().values_list("state", flat=True))
    days = list(Request.objects.unanswered().values_list("due_on", flat=True))
    return {
        "states": [(state, counts[state]) for state in RequestState if counts[state]],
        "overdue": sum(day < timezone.localdate() for day in days),
        "soon": sum(timezone.localdate() <= day <= timezone.localdate() + SOON for day in days),
        "next": min(days, default=None),
    }


def today(found):
    """[(count, label, address)] of what an officer must do today, the laws' days first; of `found`: `everything()`."""
    queue = reverse("admin:privacy_request_changelist")
    exports, disclosures, incidents, erased, kept, reviewed = (
        reverse(f"admin:privacy_{name}_changelist")
        for name in ("export", "disclosure", "breach", "erasure", "retentionresult", "review")
    )
    late_reviews = sum(is_overdue for _what, _day, is_overdue in found["reviews"])
    every = [
        (found["registers"]["overdue"], _("breaches with an overdue duty"), incidents),
        (found["requests"]["overdue"], _("requests overdue"), f"{queue}?state=overdue"),
        (found["requests"]["soon"], _("requests to answer within a week"), queue),
        (found["erasures"]["late"], _("erasures past their day"), erased),
        (found["registers"]["disclosures"], _("disclosures wait for a second officer"), disclosures),
        (found["hand_overs"]["release"], _("hand-overs wait for release"), exports),
        (found["hand_overs"]["destroy"], _("hand-overs should have been destroyed"), exports),
        (found["hand_overs"]["failed"], _("hand-overs failed"), exports),
        (found["retention"]["stopped"], _("tables of a run wait for a decision"), kept),
        (late_reviews, _("reviews overdue"), reviewed),
    ]
    return [one for one in every if one[0]]


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
    found = {
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
    return found | {"today": today(found)}
