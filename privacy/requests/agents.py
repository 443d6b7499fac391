"""Who asks for somebody else: only by a mandate that the principal confirmed and the city acknowledged (R091, L08).

`may_act` is the one rule. A legal representative is not confirmed by the principal, who may be a child; the officer
looks at the papers. Whatever is refused raises a `ValidationError` that says why.
"""

import uuid
from datetime import timedelta
from functools import wraps

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import outbox

from .. import audit
from ..acting import PORTAL, acting_as
from ..declarations import subject_with
from ..models import AgentKind, Channel, Mandate, Request, RequestCode, RequestEvent, RequestKind, Step, Subject
from ..purposes import Purpose

SIGNER = Signer(sep=".", salt="privacy.mandate")
# So long a mandate holds that an agent names in the public form.
BY_FORM_VALID = timedelta(days=180)
# So many mails a day by which strangers say that they ask for a person.
ASKED_A_DAY = 3


def may_act(mandate, kind, at):
    """Whether, at that moment, the agent may ask for a `kind` and be answered."""
    return _covering(kind, at).filter(pk=mandate.pk).exists()


def mandate_for(request, at):
    """The `Mandate` by which this request is the agent's at that moment; None without one."""
    return _covering(request.kind, at).filter(pk=request.mandate_id, subject=request.subject_id).first()


@acting_as(duty=PORTAL)
def requests_for(agent, at):
    """The requests that the agent (a `Subject`) may follow at that moment, by their own mandates and no other's."""
    own = Request.objects.filter(mandate__agent=agent).select_related("mandate").with_state()
    return [request for request in own if mandate_for(request, at)]


@transaction.atomic
def propose(principal, agent, *, name, email, kind, scope, valid_until, by):
    """Write down that `agent` (a `Subject` with that name and address) wants to ask for `principal`; it counts for
    nothing yet. Who is not represented by law gets a mail by which to confirm or deny. Returns the `Mandate`."""
    scope = [RequestKind(one) for one in scope]
    if agent.pk == principal.pk:
        raise ValidationError(_("Nobody is their own agent."))
    if not scope:
        raise ValidationError(_("Choose what the agent may ask for."))
    if valid_until <= timezone.now():
        raise ValidationError(_("The mandate must be valid for some time from now on."))
    mandate = Mandate.objects.create(
        subject=principal,
        agent=agent,
        agent_name=name,
        agent_email=email,
        kind=AgentKind(kind),
        scope=scope,
        valid_until=valid_until,
    )
    audit.record(by, "mandate proposed", mandate, kind=mandate.kind)
    if mandate.kind == AgentKind.VOLUNTARY:
        outbox.post(
            principal,
            Purpose.RIGHTS,
            "privacy/emails/mandate",
            token=token(mandate),
            name=mandate.agent_name,
        )
    return mandate


def note(*, kind, name, email, scope, language):
    """Keep what an agent typed into the public form: a `Mandate` between two subjects of its own.

    Nobody is looked up or written to before `begin`.
    """
    return Mandate.objects.create(
        subject=Subject.objects.create(language=language),
        agent=Subject.objects.create(language=language),
        agent_name=name,
        agent_email=email,
        kind=AgentKind(kind),
        scope=scope,
        valid_until=timezone.now() + BY_FORM_VALID,
    )


def begin(request):
    """The agent has proven their own address: lead the mandate of this request to who has the addresses here, and ask
    the principal as `propose` does. The request stays apart from them until an officer acknowledges the mandate."""
    mandate = request.mandate
    principal = Subject.objects.filter(pk=subject_with(request.email) if request.email else None).first()
    agent = who_reads(mandate.agent_email)
    if agent is None or agent != principal:
        mandate.subject, mandate.agent = principal or mandate.subject, agent or mandate.agent
    mandate.save(update_fields=["subject", "agent"])
    audit.record(None, "mandate proposed", mandate, kind=mandate.kind)
    if mandate.kind == AgentKind.VOLUNTARY and _may_be_asked(request):
        outbox.post(
            mandate.subject if mandate.subject == principal else outbox.Address(request.email, request.language),
            Purpose.RIGHTS,
            "privacy/emails/mandate",
            token=token(mandate),
            name=mandate.agent_name,
        )


def who_reads(address):
    """The `Subject` of whom we know this address, for somebody who has proven to read it; None for anybody else.

    Who has an account only by its own address: another one, in an old letter or of a business, may since be read by
    somebody else.
    """
    known = Subject.objects.filter(pk=subject_with(address)).first()
    is_another = known and get_user_model().objects.filter(subject=known).exclude(email=address).exists()
    return None if is_another else known


def _may_be_asked(request):
    """Whether the principal got few such mails within a day. This one is among those that are counted."""
    same = Q(email=request.email) | Q(mandate__subject=request.mandate.subject_id)
    proven = RequestEvent.objects.filter(
        request=OuterRef("pk"), step=Step.ADDRESS_PROVEN, at__gt=timezone.now() - timedelta(days=1)
    )
    asked = Request.objects.filter(same, Exists(proven), mandate__kind=AgentKind.VOLUNTARY)
    return asked.count() <= ASKED_A_DAY


def is_apart(request):
    """Whether an agent asked by the public form, and the mandate was never acknowledged: the request stands for a
    subject of its own, and nothing leads from it to the principal's data."""
    if request.channel != Channel.FORM or not request.mandate_id:
        return False
    return not request.mandate.acknowledged_at and request.subject_id != request.mandate.subject_id


def token(mandate):
    """What stands in the address at which the principal confirms, denies or revokes without a log-in."""
    return SIGNER.sign(mandate.ref.hex)


def read(token):
    """The mandate for which we signed `token`, or None."""
    try:
        ref = uuid.UUID(SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    with acting_as(duty=PORTAL):
        return Mandate.objects.filter(ref=ref).first()


def _in_turn(name):
    """What the principal and the officers do to one mandate follows one another; the audit calls the act `name`."""

    def decorate(act):
        @wraps(act)
        @acting_as(duty=PORTAL)
        @transaction.atomic
        def in_turn(mandate, *, by=None, **named):
            current = Mandate.objects.select_for_update().get(pk=mandate.pk)
            act(current, by=by, **named)
            current.save()
            audit.record(by, name, current)
            return current

        return in_turn

    return decorate


@_in_turn(gettext_noop("mandate confirmed"))
def confirm(mandate, *, by=None):
    """The principal agrees: by the link in their mail (`by` is None), or signed in."""
    if mandate.kind == AgentKind.LEGAL:
        raise ValidationError(_("A legal representative is not confirmed by the person; the city looks at the papers."))
    _must_be_alive(mandate)
    if mandate.confirmed_at:
        raise ValidationError(_("It is confirmed already."))
    mandate.confirmed_at = timezone.now()


@_in_turn(gettext_noop("mandate denied"))
def deny(mandate, *, by=None):
    """The principal knows nothing of it, or does not want it."""
    _must_be_alive(mandate)
    if mandate.confirmed_at:
        raise ValidationError(_("It is confirmed already. You can revoke it."))
    mandate.denied_at = timezone.now()


@_in_turn(gettext_noop("mandate revoked"))
def revoke(mandate, *, by=None):
    """The principal takes it back: at any time, and from this moment on."""
    _must_be_alive(mandate)
    mandate.revoked_at = timezone.now()
    # A code that was mailed to the agent opens nothing any more.
    RequestCode.objects.filter(request__mandate=mandate).update(expires_at=mandate.revoked_at)


@_in_turn(gettext_noop("mandate acknowledged"))
def acknowledge(mandate, *, by):
    """A named officer has looked at the papers, and takes the mandate for good."""
    _must_be_another(mandate, by)
    _must_be_alive(mandate)
    if mandate.acknowledged_at:
        raise ValidationError(_("It is acknowledged already."))
    if mandate.kind == AgentKind.VOLUNTARY and not mandate.confirmed_at:
        raise ValidationError(_("The person has not confirmed it yet; the link is in their mail."))
    unproven = ~Exists(RequestEvent.objects.filter(request=OuterRef("pk"), step=Step.ADDRESS_PROVEN))
    if Request.objects.filter(unproven, mandate=mandate, channel=Channel.FORM).exists():
        raise ValidationError(_("The agent has not confirmed their email address yet."))
    mandate.acknowledged_at, mandate.decided_by = timezone.now(), by
    for request in Request.objects.filter(mandate=mandate).exclude(subject=mandate.subject_id):
        Subject.objects.filter(pk=request.subject_id).update(ended_at=timezone.now(), erased_at=timezone.now())
        request.subject_id = mandate.subject_id
        request.save(update_fields=["subject"])


@_in_turn(gettext_noop("mandate refused"))
def refuse(mandate, *, by, reason):
    """A named officer does not take it, and says why."""
    _must_be_another(mandate, by)
    _must_be_alive(mandate)
    if mandate.acknowledged_at:
        raise ValidationError(_("It is acknowledged already. It can be revoked."))
    if not reason.strip():
        raise ValidationError(_("Say why it is refused."))
    mandate.refused_at, mandate.decided_by, mandate.reason = timezone.now(), by, reason


def is_alive(mandate):
    """Whether it can still be confirmed, decided or revoked."""
    ended = (mandate.denied_at, mandate.revoked_at, mandate.refused_at)
    return not any(ended) and mandate.valid_until > timezone.now()


def _must_be_alive(mandate):
    if not is_alive(mandate):
        raise ValidationError(_("This mandate has ended already: it was denied, revoked or refused, or has run out."))


def _must_be_another(mandate, officer):
    if officer.subject_id in (mandate.subject_id, mandate.agent_id):
        raise ValidationError(_("Nobody decides about their own mandate; leave it to a colleague."))


def _covering(kind, at):
    return Mandate.objects.valid(at).filter(scope__contains=[kind])
