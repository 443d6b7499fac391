"""Letters about a request: in the person's language, with reasons and the right to complain (R101)."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

import outbox
from outbox.models import State

from .. import links
from ..data import rows
from ..models import (
    ExportItem,
    ItemAction,
    Outcome,
    Recipient,
    RequestKind,
    RequestLetter,
    Step,
)
from ..purposes import Purpose
from . import agents, clocks, papers
from .reasons import USE, in_words

LETTER = "privacy/emails/request_letter"
# A letter on paper counts as received on the next day at the earliest.
BY_POST = timedelta(days=1)
# What a recipient of earlier data is asked to do, where a request of this kind is granted (GDPR Art. 19).
RECALLED = [RequestKind.RECTIFICATION, RequestKind.ERASURE, RequestKind.RESTRICTION]


def draft(request, template, **details):
    """The text of a letter about this request, in the language of its answer."""
    with translation.override(request.language):
        due = clocks.due(request, request.events.order_by("pk"))
        context = {
            "number": request.number,
            "kind": request.get_kind_display(),
            "received_on": timezone.localtime(request.received_at).date(),
            "due_on": due.due_on,
            "authorities": [(row[f"name_{request.language}"], row["url"]) for row in rows("authorities.csv")],
            "has_account": has_account(request),
            "goes_by_post": addressee(request) is None,
            **details,
        }
        text = get_template(template).template.render(Context(context, autoescape=False))
    return text.strip()


def draft_of_answer(request):
    """What an officer begins the answer with, from what was decided."""
    decision = request.events.filter(step=Step.DECIDED).latest("pk")
    codes = decision.codes
    is_recalled = decision.outcome != Outcome.REFUSED and request.kind in RECALLED
    with translation.override(request.language):
        return draft(
            request,
            "privacy/letters/answer.txt",
            asked=request.kind,
            is_granted=decision.outcome == Outcome.GRANTED,
            is_refused=decision.outcome == Outcome.REFUSED,
            reasons=in_words(codes),
            uses=[Purpose(code.removeprefix(USE)).label for code in codes if code.startswith(USE)],
            recipients=told(request) if is_recalled else [],
        )


def told(request):
    """The names of those who hold data of this person from us, and are told what became of them (L03)."""
    given = ExportItem.objects.filter(
        subject_ref=request.subject.ref,
        action=ItemAction.PROVIDE,
        export__built_at__isnull=False,
        export__cancelled_at__isnull=True,
        export__destroyed_at__isnull=True,
    )
    codes = given.order_by().values("export__recipient").distinct()
    known = {one.code: one.name(request.language) for one in Recipient.objects.filter(code__in=codes).order_by("pk")}
    return [*known.values()]


def write(request, event, text, *, mail=LETTER):
    """Keep `text` as the letter about `event`, and mail it: to who has an account only that it can be read there.

    `mail`: the template of the message, where it says something more urgent than that there is a letter.
    """
    to = addressee(request)
    message = to and outbox.post(
        to,
        Purpose.RIGHTS,
        mail,
        number=request.number,
        ref=str(request.ref),
        step=event.step,
        text="" if has_account(request) else text,
        link=link_to_page(request),
        paper=papers.token(request) if event.step in papers.ASKED else "",
    )
    return RequestLetter.objects.create(
        request=request, event=event, language=request.language, text=text, message=message
    )


def addressee(request):
    """To whom letters go by mail: the acknowledged agent, or the person; None for those who gave no address, and get
    them on paper. A request that stands apart from the principal is the agent's own matter."""
    mandate = written_to(request)
    if mandate:
        # Of an agent who was erased none is left.
        return outbox.Address(mandate.agent_email, request.language) if mandate.agent_email else None
    if has_account(request):
        return request.subject
    return outbox.Address(request.email, request.language) if request.email else None


def link_to_page(request):
    """The address at which who has no account sees where the request stands and fetches a copy; "" for who has one, and
    for whom no code can be sent."""
    is_closed = has_account(request) or addressee(request) is None or agents.is_apart(request)
    return "" if is_closed else links.request_url(request)


def valid_mandate(request):
    """The `Mandate` by which an agent may ask for this and be answered now; None without one."""
    return agents.mandate_for(request, timezone.now()) if request.mandate_id else None


def written_to(request):
    """The `Mandate` whose agent our letters go to; None where they go to the person. Of a request that stands apart
    (`agents.is_apart`) they hold nothing of the principal."""
    return request.mandate if agents.is_apart(request) else valid_mandate(request)


def has_account(request):
    """Whether the letters can be read in the privacy centre by whom they are for; an agent cannot."""
    if valid_mandate(request):
        return False
    return get_user_model().objects.filter(subject=request.subject_id, is_active=True).exists()


def counts_as_given(letter):
    """Whether the person was told: the mail server took the message, or a letter on paper is a day old."""
    if letter.message:
        return letter.message.state == State.SENT
    return letter.event.at <= timezone.now() - BY_POST
