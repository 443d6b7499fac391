"""Requests of those who have no log-in, or do not use it: received at once, then the address is proven (R099, R100).

Such a request stands for a subject of its own, so that nobody can act on somebody else's data by typing their address.
The code that is mailed there decides: typed back, whoever has this address here is who asks. Of an address that nobody
has here it only proves where to answer; who asks is then for an officer to judge.
"""

import uuid
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import outbox

from .. import audit, links
from ..acting import PORTAL, acting_as
from ..models import Channel, Request, RequestCode, RequestEvent, RequestState, Step, Subject
from ..purposes import Purpose
from . import agents, answers, events, states
from .acts import settle_identity
from .intake import laws
from .reasons import Identity
from .reminders import officers
from .states import NotNow

# So long an address may stay unproven.
UNCONFIRMED_KEPT = timedelta(days=7)


@acting_as(duty=PORTAL)
@transaction.atomic
def receive_by_form(form_key, *, language, **said):
    """Take what a stranger typed, and mail a code to the address. Returns its `RequestCode`; sent twice, there is one.

    The GDPR holds for it as well where they say that they are in Europe (R102).
    """
    if earlier := form_sent(form_key, **said):
        return earlier
    try:
        with transaction.atomic():
            return _receive(_key(form_key, said), language, **said)
    except IntegrityError:
        # The other click was faster.
        return form_sent(form_key, **said)


def _receive(
    key, language, *, kind, text, name, email, is_in_europe, for_whom="", principal_name="", principal_email=""
):
    """`for_whom`: an `AgentKind`, where somebody asks for another person, whose name and address are kept with it."""
    mandate = None
    if for_whom:
        mandate = agents.note(kind=for_whom, name=name, email=email, scope=[kind], language=language)
        name, email = principal_name, principal_email
    request = Request.objects.create(
        subject=Subject.objects.create(language=language),
        kind=kind,
        text=text,
        channel=Channel.FORM,
        regimes=laws(is_in_europe=is_in_europe),
        name=name,
        email=email,
        language=language,
        mandate=mandate,
    )
    events.record(request, Step.RECEIVED)
    audit.record(None, "request received", request, kind=kind)
    code = RequestCode(request=request, form_key=key)
    send_code(code)
    return code


@acting_as(duty=PORTAL)
def form_sent(form_key, **said):
    """The `RequestCode` of a form that was sent with just that; None for any other."""
    return RequestCode.objects.select_related("request").filter(form_key=_key(form_key, said)).first()


def _key(form_key, said):
    """What is typed belongs to it. Whoever goes back and asks for something else is heard, too; and who sits down at
    the page of somebody else is not led to what that one asked."""
    return uuid.uuid5(form_key, repr(sorted(said.items())))


@acting_as(duty=PORTAL)
def waiting(ref):
    """The `RequestCode` of that reference; None for what does not exist."""
    return RequestCode.objects.select_related("request").filter(ref=ref).first()


def code_of(request):
    """The `RequestCode` of a request, also of one that came on paper."""
    found = RequestCode.objects.filter(request=request).first()
    return found or RequestCode(request=request, form_key=uuid.uuid4())


@acting_as(duty=PORTAL)
@transaction.atomic
def send_code(code):
    """Mail a new code; the one before works no more. Raises `NotNow` once too many were sent to an unproven address, or
    the request has ended before its address was proven."""
    request = code.request
    if request.channel == Channel.FORM and not is_proven(request):
        events.record(request, Step.CODE_SENT)
    typed = code.set_new_code()
    if mandate := answers.valid_mandate(request):
        code.expires_at = min(code.expires_at, mandate.valid_until)
    code.save()
    outbox.post(
        outbox.Address(address_of(request), request.language),
        Purpose.RIGHTS,
        "privacy/emails/request_code",
        expires=code.expires_at,
        code=typed,
    )


@acting_as(duty=PORTAL)
@transaction.atomic
def correct_address(code, email):
    """Let an unproven request of the form be answered to another address, to which a new code goes. The day of receipt
    stays. Raises `NotNow` as `send_code` does."""
    # In the order of `prove`: a code that is typed in this moment proves the address to which it was sent.
    code = RequestCode.objects.select_for_update(of=["self"]).get(pk=code.pk)
    request = Request.objects.select_for_update().get(pk=code.request_id, channel=Channel.FORM)
    if is_proven(request):
        raise NotNow(_("This address is confirmed already."))
    if request.mandate:
        request.mandate.agent_email = email
        request.mandate.save(update_fields=["agent_email"])
    else:
        request.email = email
        request.save(update_fields=["email"])
    audit.record(None, gettext_noop("request address corrected"), request)
    code.request = request
    send_code(code)


@acting_as(duty=PORTAL)
@transaction.atomic
def check(code, typed):
    """Whether `typed` is the code. Each try is counted; a code works once."""
    code = RequestCode.objects.select_for_update(of=["self"]).get(pk=code.pk)
    is_right = code.is_usable and code.matches(typed)
    if is_right:
        code.code_hash, code.expires_at = "", timezone.now()
    else:
        code.attempts = min(code.attempts + 1, code.MAX_ATTEMPTS)
    code.save(update_fields=["code_hash", "expires_at", "attempts"])
    return is_right


@acting_as(duty=PORTAL)
@transaction.atomic
def prove(code, typed):
    """Take the `typed` code as proof that the address is read. Returns whether it is right.

    Then the request belongs to who has the address here, and what may not wait happens (`effects.at_once`). The
    officers learn of it, and the person gets the number and a link. Raises `NotNow` where the request has ended
    meanwhile.
    """
    if not check(code, typed):
        return False
    request = Request.objects.select_for_update().get(pk=code.request_id)
    event = events.record(request, Step.ADDRESS_PROVEN)
    audit.record(None, "request address proven", request, event=event.pk)
    if request.mandate:
        agents.begin(request)
    elif _belongs_to_who_has_the_address(request):
        settle_identity(request, Identity.CODE)
    outbox.post(
        outbox.Address(address_of(request), request.language),
        Purpose.RIGHTS,
        "privacy/emails/request_confirmed",
        number=request.number,
        due_on=request.newest.due_on.isoformat(),
        # An agent gets the link with the first letter after the mandate is acknowledged.
        link="" if request.mandate_id else links.request_url(request),
    )
    for officer in officers():
        about = {"number": request.number, "kind": request.kind}
        outbox.post(officer.subject, Purpose.ADMINISTRATION, "privacy/emails/request_waiting", **about)
    return True


def _belongs_to_who_has_the_address(request):
    """Hand the request over from its own subject to the portal's."""
    known = agents.who_reads(request.email)
    if known is None:
        return False
    left, request.subject = request.subject, known
    request.save(update_fields=["subject"])
    left.ended_at = left.erased_at = timezone.now()
    left.save(update_fields=["ended_at", "erased_at"])
    return True


def is_proven(request):
    return request.events.filter(step=Step.ADDRESS_PROVEN).exists()


def address_of(request):
    """Where a code for this request goes; "" for who gave no address."""
    mandate = answers.written_to(request)
    return mandate.agent_email if mandate else request.email


def read(token):
    """The `Request` of a link that we signed, if a code can be sent to who asked; None for anything else.

    Of a form only once its address is proven: until then nobody was given the link. An agent's ends with the mandate;
    and of who has an account when its address is another by now: they read on after log-in.
    """
    request = Request.objects.filter(ref=links.read_request(token)).first()
    if request is None or not address_of(request) or (request.mandate_id and not answers.valid_mandate(request)):
        return None
    if not request.mandate_id and _has_moved(request):
        return None
    return request if request.channel != Channel.FORM or is_proven(request) else None


def _has_moved(request):
    """Whether a code for this request would go to an address that the account of the person does not have any more."""
    accounts = get_user_model().objects.filter(subject=request.subject_id, is_active=True)
    return accounts.exclude(email__iexact=request.email).exists()


@acting_as(duty=PORTAL)
@transaction.atomic
def abandon_unconfirmed(*, dry_run=False):
    """End the requests whose address nobody has proven for a week, and that no officer has taken up. Returns how many.

    Nobody is told: it may be the address of somebody else.
    """
    before = timezone.now() - UNCONFIRMED_KEPT
    events_of = RequestEvent.objects.filter(request=OuterRef("pk")).exclude(step=Step.REMINDED)
    taken_up = events_of.exclude(step__in=[Step.RECEIVED, Step.CODE_SENT], at__lt=before)
    stale = Request.objects.with_state().filter(~Exists(taken_up), channel=Channel.FORM, state=RequestState.IDENTITY)
    ended = 0
    for request in stale.order_by("pk"):
        ended += dry_run or _abandon(request)
    return ended


def _abandon(request):
    events.lock(request)
    if not states.is_legal(Step.ABANDONED, list(request.events.order_by("pk"))):
        return False
    event = events.record(request, Step.ABANDONED)
    audit.record(None, f"request {Step.ABANDONED}", request, event=event.pk)
    return True
