"""What privacy officers are reminded of: requests whose legal day comes near or has passed (L02, L07)."""

import logging
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

import outbox

from ..acting import PORTAL, acting_as
from ..models import Request, Step
from ..purposes import Purpose
from .clocks import local_day
from .events import record

logger = logging.getLogger(__name__)
# Days before the legal day; from the last of them on, every day.
BEFORE = (7, 3, 1)


def officers():
    """Staff whose role lets them answer what people ask about their data."""
    may_answer = {
        "groups__permissions__codename": "change_request",
        "groups__permissions__content_type__app_label": "privacy",
    }
    people = get_user_model().objects.filter(is_active=True, is_staff=True, **may_answer)
    return people.select_related("subject").distinct()


@acting_as(duty=PORTAL)
@transaction.atomic
def remind_officers(*, dry_run=False):
    """Tell every privacy officer, in one mail a day, which requests are to be answered. Returns of how many."""
    today = timezone.localdate()
    unanswered = Request.objects.unanswered()
    # The rows are the lock: two workers at once must not both write.
    locked = Request.objects.select_for_update().filter(pk__in=unanswered.values("pk")).in_bulk()
    due = [row for row in unanswered.order_by("due_on", "pk") if row.pk in locked and _is_to_be_told(row, today)]
    told = officers()
    if not (due and told) or dry_run:
        return len(due) if told else 0
    for request in due:
        record(request, Step.REMINDED)
    lines = [(request.number, request.due_on.isoformat(), request.is_overdue) for request in due]
    for officer in told:
        outbox.post(officer.subject, Purpose.ADMINISTRATION, "privacy/emails/request_reminder", requests=lines)
    logger.info("privacy officers reminded requests=%s", [request.pk for request in due])
    return len(due)


def begins_on(due_on, today):
    """The day from which a reminder that is due today counts; None when none is. One that was missed is made up for."""
    days = (due_on - today).days
    if days > BEFORE[0]:
        return None
    if days <= BEFORE[-1]:
        return today
    return due_on - timedelta(days=min(before for before in BEFORE if before >= days))


def _is_to_be_told(request, today):
    begins = begins_on(request.due_on, today)
    last = request.events.filter(step=Step.REMINDED).last()
    return begins is not None and (last is None or local_day(last.at) < begins)
