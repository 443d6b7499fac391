"""The steps that a request takes after its receipt. Each is legal or refused, and they follow one another.

What is refused raises a `ValidationError` that says why. `by`: the user who does it; None is the portal.
"""

from datetime import timedelta
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .. import audit, consent
from ..models import Outcome, Request, Step
from . import answers, clocks, effects
from .events import lock, record
from .reasons import GROUNDS, REFUSALS, USE, Extension, Ground, Identity, Refusal, in_words
from .states import NotNow

# So long we wait for what we asked for, before we take it that the person gave the request up.
PATIENCE = timedelta(days=14)


def _in_turn(act):
    """Two officers, or two clicks, follow one another: the second meets what the first has left."""

    @wraps(act)
    def in_turn(request, *arguments, **named):
        with transaction.atomic():
            lock(request)
            return act(request, *arguments, **named)

    return in_turn


def _take(request, step, *, by, **details):
    event = record(request, step, by=by, **details)
    audit.record(by, f"request {step}", request, event=event.pk)
    return event


@_in_turn
def acknowledge(request, *, by=None):
    """Somebody has it in their hands."""
    return _take(request, Step.ACKNOWLEDGED, by=by)


@_in_turn
def ask_document(request, text="", *, by):
    """Ask for a document, because it is in doubt who asks (R099). `text`: what else to say."""
    event = _take(request, Step.DOCUMENT_ASKED, by=by)
    answers.write(request, event, answers.draft(request, "privacy/letters/identity.txt", text=text))
    return event


@_in_turn
def settle_identity(request, how, *, by=None):
    """`how`, an `Identity`: how it was proven who asks, that it is not in doubt, or that it was not proven.

    What may not wait for the answer happens now: see `effects.at_once`.
    """
    how = Identity(how)
    event = _take(request, Step.IDENTITY_SETTLED, by=by, codes=[how])
    # By an agent whose mandate does not count yet nothing happens.
    if how != Identity.NOT_PROVEN and (not request.mandate_id or answers.valid_mandate(request)):
        effects.at_once(request, by=by)
    return event


@_in_turn
def ask_completion(request, text, *, by):
    """Ask the person for what is missing: in Japanese law the days until it comes are not counted (L07)."""
    event = _take(request, Step.COMPLETION_ASKED, by=by)
    answers.write(request, event, answers.draft(request, "privacy/letters/completion.txt", text=text))
    return event


@_in_turn
def complete(request, *, by=None):
    """What was missing has come."""
    return _take(request, Step.COMPLETED, by=by)


@_in_turn
def begin_review(request, *, by):
    return _take(request, Step.REVIEWED, by=by)


@_in_turn
def extend(request, reasons, text="", *, by):
    """Take the time that the law adds, before the first has run out, and tell the person why (GDPR Art. 12(3), L02).

    `reasons`: `Extension`s.
    """
    reasons = [Extension(reason) for reason in reasons]
    if not reasons:
        raise ValidationError(_("Choose at least one reason."))
    due_on = _due(request).due_on
    if timezone.localdate() > due_on:
        raise NotNow(
            _("The time ended on %(day)s. It can be extended only before it ends.") % {"day": date_format(due_on)}
        )
    event = _take(request, Step.EXTENDED, by=by, codes=reasons)
    details = {"text": text, "reasons": _words(request, reasons)}
    answers.write(request, event, answers.draft(request, "privacy/letters/extension.txt", **details))
    return event


@_in_turn
def decide(request, outcome, *, by, grounds=(), refusals=(), uses=()):
    """Grant, grant in part, or refuse; what is granted happens now. The answer follows by `deliver`.

    `grounds`: what entitles the person (`Ground`); `refusals`: why not, or not all (`Refusal`); `uses`: the purposes
    that an objection or a withdrawal is about.
    """
    outcome = Outcome(outcome)
    grounds, refusals = [Ground(one) for one in grounds], [Refusal(one) for one in refusals]
    problems = [*_problems(request, outcome, grounds, refusals, uses)]
    own = {request.subject_id}
    if request.mandate:
        own |= {request.mandate.subject_id, request.mandate.agent_id}
    if by and by.subject_id in own:
        problems.append(_("Nobody decides about their own request; leave it to a colleague."))
    if problems:
        raise ValidationError(problems)
    codes = [*grounds, *refusals, *(USE + purpose for purpose in uses)]
    event = _take(request, Step.DECIDED, by=by, outcome=outcome, codes=codes)
    if outcome != Outcome.REFUSED:
        effects.grant(request, uses, by=by)
    return event


@_in_turn
def deliver(request, text, *, by, mail=answers.LETTER):
    """Send the answer as the officer wrote it; `mail` is the template of the message that brings it."""
    event = _take(request, Step.DELIVERED, by=by)
    answers.write(request, event, text, mail=mail)
    return event


@_in_turn
def close(request, *, by=None):
    """Nothing is left to do. From now on the times of keeping count."""
    return _take(request, Step.CLOSED, by=by)


@_in_turn
def withdraw(request, *, by):
    """The person does not want it any more."""
    event = _take(request, Step.WITHDRAWN, by=by)
    effects.take_back(request, by=by)
    return event


@_in_turn
def abandon(request, *, by):
    """The person has not answered for a fortnight; they are told, and can ask anew."""
    asked = request.events.filter(step__in=[Step.CODE_SENT, Step.DOCUMENT_ASKED, Step.COMPLETION_ASKED]).last()
    if asked and asked.at > timezone.now() - PATIENCE:
        day = date_format(timezone.localtime(asked.at + PATIENCE).date())
        raise NotNow(_("The person has time to answer until %(day)s.") % {"day": day})
    event = _take(request, Step.ABANDONED, by=by)
    answers.write(request, event, answers.draft(request, "privacy/letters/abandoned.txt"))
    effects.take_back(request, by=by)
    return event


@_in_turn
def merge(request, original, *, by):
    """Answer this request with `original`, an open one of the same person and kind."""
    if original.pk == request.pk or (original.subject_id, original.kind) != (request.subject_id, request.kind):
        raise ValidationError(_("Only another request of the same person, for the same, can answer this one."))
    if not Request.objects.open().filter(pk=original.pk).exists():
        raise ValidationError(_("That request has ended; answer this one by itself."))
    event = _take(request, Step.DUPLICATE, by=by, codes=[original.number])
    answers.write(request, event, answers.draft(request, "privacy/letters/duplicate.txt", original=original.number))
    return event


@_in_turn
def tell_of_lifting(request, text="", *, by):
    """Announce that the restriction made for this request will end (GDPR Art. 18(3), L04)."""
    if request.kind not in effects.RESTRICTED_AT_ONCE or not effects.is_restricted(request.subject):
        raise NotNow(_("The use of this person’s data is not restricted for this request."))
    event = _take(request, Step.LIFTING_TOLD, by=by)
    answers.write(request, event, answers.draft(request, "privacy/letters/lifting.txt", text=text))
    return event


@_in_turn
def lift_restriction(request, *, by):
    """End the restriction made for this request. Raises `NotNow` unless the person was told before, by a letter that
    has left: the mail server took it, or, on paper, it is a day old (GDPR Art. 18(3), L04)."""
    told = request.events.filter(step=Step.LIFTING_TOLD).last()
    if told is None or not answers.counts_as_given(told.letter):
        raise NotNow(_("The person must be told before the restriction ends, and the letter has not left yet."))
    if effects.is_held_by_others(request):
        raise NotNow(_("Another request or an erasure keeps the use of this person’s data restricted."))
    event = _take(request, Step.LIFTED, by=by)
    consent.lift_restriction(request.subject, by=by, proof={"request": request.number})
    return event


def _due(request):
    return clocks.due(request, request.events.order_by("pk"))


def _words(request, codes):
    with translation.override(request.language):
        return in_words(codes)


def _problems(request, outcome, grounds, refusals, uses):
    """Why this cannot be decided so, in sentences."""
    settled = request.events.filter(step=Step.IDENTITY_SETTLED).order_by("pk").last()
    if settled is None:
        yield _("Settle first who asks, or record that it is not in doubt.")
    elif Identity.NOT_PROVEN in settled.codes and (outcome, refusals) != (Outcome.REFUSED, [Refusal.IDENTITY]):
        yield _("It was not proven who asks. Refuse the request for this reason, and for no other.")
    if not {*refusals} <= {*REFUSALS[request.kind]} or not {*grounds} <= {*GROUNDS.get(request.kind, [])}:
        yield _("One of the reasons is not for a request of this kind.")
    if outcome != Outcome.GRANTED and not refusals:
        yield _("Choose why the request, or a part of it, is refused.")
    if outcome == Outcome.GRANTED and refusals:
        yield _("Who gets all that they asked for is refused nothing.")
    if outcome != Outcome.REFUSED:
        if request.kind in GROUNDS and not grounds:
            yield _("The law grants this only on a ground; choose it.")
        if effects.uses_of(request.kind) and not uses:
            yield _("Choose the uses that are meant.")
        if request.mandate_id and not answers.valid_mandate(request):
            yield _("The mandate is not acknowledged, is not valid any more, or does not cover this.")
    if not {*uses} <= {*effects.uses_of(request.kind)}:
        yield _("One of the uses cannot be ended by this request.")
