"""Beginning an erasure, calling it off, hastening it, and doing those that are due."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import audit, consent, ledger
from ..acting import PORTAL, acting_as
from ..models import Erasure, ErasureReason, LegalHold, Matter, Request, RequestState, Subject
from . import journal, letters
from .erasing import erase

logger = logging.getLogger(__name__)

# Time to think again, also for who left and hears only now that the time of keeping is over. A child's data go at once
# (R113).
COOLING_OFF = timedelta(days=7)


@transaction.atomic
def start(subject, reason, *, request=None, by=None, **how):
    """Freeze the person's data at once, and delete them when the time to call it off is over. Returns the `Erasure`.

    Started again, the one under way goes on; a child's no longer waits. `by`: the user whose act it is, the person
    themselves or an officer; None is the portal. `how` is what the ledger is to prove. Raises `ValidationError` for
    somebody who is erased already.
    """
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    if subject.erased_at:
        raise ValidationError(_("This person’s data are deleted already."))
    is_urgent = reason == ErasureReason.CHILD
    begun = subject.erasures.under_way().first()
    if begun and not (is_urgent and begun.due_at > timezone.now()):
        return begun
    now = timezone.now()
    due_at = now if is_urgent else now + COOLING_OFF
    if begun:
        begun.reason, begun.due_at = reason, due_at
        begun.save(update_fields=["reason", "due_at"])
        audit.record(by, "erasure hastened", begun, reason=reason)
        return begun
    erasure = Erasure.objects.create(subject=subject, reason=reason, request=request, frozen_at=now, due_at=due_at)
    consent.restrict(subject, by=by, **_actor(by), **how)
    audit.record(by, "erasure started", erasure, reason=reason)
    letters.started(erasure)
    return erasure


@transaction.atomic
def call_off(erasure, *, by):
    """Keep the data after all, and lift the restriction that the start has made. Raises `ValidationError` once it is
    too late, and for a child who would keep them against the guardian."""
    erasure = _locked(erasure)
    is_their_own = by.subject_id == erasure.subject_id
    if is_their_own and erasure.reason == ErasureReason.CHILD:
        raise ValidationError(_("Only the secretariat can stop this deletion."))
    # Written down by a transaction that then failed: the next run deletes.
    if journal.holds(erasure.ref):
        raise ValidationError(_("It is too late: the data are being deleted."))
    erasure.called_off_at = timezone.now()
    erasure.save(update_fields=["called_off_at"])
    if _is_ours_alone(erasure):
        consent.lift_restriction(erasure.subject, by=by)
    audit.record(by, "erasure called off", erasure)
    letters.called_off(erasure)
    return erasure


@transaction.atomic
def expedite(erasure, *, by):
    """An officer lets the deletion be done without waiting, for example because the person asked for that.

    Raises `ValidationError` under a legal hold, and while the request it came of is not answered.
    """
    erasure = _locked(erasure)
    if is_held(erasure):
        raise ValidationError(_("A legal hold keeps these data; they are deleted once it ends."))
    if _unanswered().filter(pk=erasure.request_id).exists():
        raise ValidationError(_("Send the answer first: after the deletion nobody knows the address any more."))
    erasure.due_at, erasure.expedited_by = min(erasure.due_at, timezone.now()), by
    erasure.save(update_fields=["due_at", "expedited_by"])
    audit.record(by, "erasure hastened", erasure)
    return erasure


@acting_as(duty=PORTAL)
def due():
    """The erasures to be done now; not while a legal hold covers the person (GDPR Art. 17(3)(e)), nor before the answer
    to the request has gone out, for which there would be no address any more. An answer that is overdue holds up
    nothing, nor does any a child's erasure (R113)."""
    held = Exists(_holds(OuterRef("subject")))
    waiting = Exists(_unanswered().filter(pk=OuterRef("request")))
    ready = Q(reason=ErasureReason.CHILD) | ~waiting
    return list(Erasure.objects.under_way().filter(ready, ~held, due_at__lte=timezone.now()).order_by("due_at"))


def is_held(erasure):
    """Whether it waits for the end of a legal hold."""
    return _holds(erasure.subject_id).exists()


def run_due(*, dry_run=False):
    """Do every erasure that is due, each in a transaction of its own. Returns those done, or with `dry_run` found."""
    found, done = due(), []
    for erasure in [] if dry_run else found:
        try:
            done.append(erase(erasure.pk))
        except Exception:  # Whatever is wrong with one, the others are done; this one is tried again.
            logger.exception("erasure failed erasure=%s", erasure.ref)
    return found if dry_run else done


def _unanswered():
    """The requests that are decided, and whose answer may still go out in time."""
    return Request.objects.with_state().filter(state=RequestState.DECIDED, due_on__gte=timezone.localdate())


def _holds(subject):
    return LegalHold.objects.active().filter(Q(subject=None) | Q(subject=subject))


def _is_ours_alone(erasure):
    """Whether the restriction was made for the erasure, neither before it nor for a request of the person."""
    restriction = ledger.state_of(erasure.subject.ref, Matter.RESTRICTION)
    return (
        restriction is not None
        and restriction.at >= erasure.frozen_at
        and not erasure.subject.requests.restricting().exists()
    )


def _locked(erasure):
    erasure = Erasure.objects.select_for_update(of=["self"]).select_related("subject").get(pk=erasure.pk)
    if not erasure.is_under_way:
        raise ValidationError(_("This deletion is done or called off already."))
    return erasure


def _actor(by):
    return {} if by else {"actor": "portal"}
