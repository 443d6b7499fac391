"""What a granted request does (R092-R098), and what acts before it is decided."""

from django.utils import timezone

from .. import consent, erasure, packages
from ..handover import recalls
from ..ledger import state_of
from ..models import (
    Channel,
    ErasureReason,
    ItemAction,
    Matter,
    PackageForm,
    RequestKind,
    State,
    Topic,
)
from ..purposes import RULES, Purpose

# Asked for on the ground that data are wrong, or until an objection is weighed, a restriction cannot wait for an answer
# (GDPR Art. 18(1)(a), (d)); and nobody is harmed by one that turns out to be too much.
RESTRICTED_AT_ONCE = [RequestKind.RESTRICTION, RequestKind.OBJECTION]


def at_once(request, *, by=None, until=None):
    """Restrict the use of the data while the request is handled, where its kind asks for that.

    Called as soon as it is known who asks. `until`: as long as that is in doubt, the restriction lapses by itself.
    """
    if request.kind in RESTRICTED_AT_ONCE:
        consent.restrict(request.subject, until=until, by=by, **_how(request))


def grant(request, uses, *, by):
    """Do what was asked. `uses`: the purposes that an objection or a withdrawal is about."""
    EFFECTS[RequestKind(request.kind)](request, uses, by)


def take_back(request, *, by):
    """Undo what acted at once: the person does not want it any more, and so needs no notice."""
    if request.kind in RESTRICTED_AT_ONCE and not is_held_by_others(request):
        consent.lift_restriction(request.subject, by=by, **_how(request))


def is_restricted(subject):
    current = state_of(subject.ref, Matter.RESTRICTION)
    lapses = current and current.valid_until and current.valid_until <= timezone.now()
    return bool(current) and current.state == State.MADE and not lapses


def is_held_by_others(request):
    """Whether something else than this request keeps the use restricted: another request, or an erasure under way."""
    subject = request.subject
    others = subject.requests.restricting().exclude(pk=request.pk)
    return others.exists() or subject.erasures.under_way().exists()


def _access(request, uses, by):
    packages.ask(request.subject, PackageForm.ACCESS, request=request, allowed_by=by)


def _portability(request, uses, by):
    packages.ask(request.subject, PackageForm.PORTABILITY, request=request, allowed_by=by)


def _erasure(request, uses, by):
    erasure.start(request.subject, ErasureReason.REQUEST, request=request, by=by, **_how(request))


def _rectification(request, uses, by):
    recalls.ask(request.subject.ref, ItemAction.CORRECT, reason=request.number, by=by)


def _restriction(request, uses, by):
    consent.restrict(request.subject, by=by, **_how(request))
    recalls.ask(request.subject.ref, ItemAction.RESTRICT, reason=request.number, by=by)


def _end_uses(request, uses, by):
    """Each as its law provides; of what is chosen by topic all topics, and those that are still to come."""
    for purpose in uses:
        consent.stop(request.subject, purpose, by=by, **_how(request))
        if not RULES[purpose].needs_consent:
            for code in Topic.objects.filter(purpose=purpose).values_list("code", flat=True):
                consent.object_to(request.subject, purpose, code, by=by, **_how(request))


EFFECTS = {
    RequestKind.ACCESS: _access,
    RequestKind.PORTABILITY: _portability,
    RequestKind.ERASURE: _erasure,
    RequestKind.RECTIFICATION: _rectification,
    RequestKind.RESTRICTION: _restriction,
    RequestKind.OBJECTION: _end_uses,
    RequestKind.WITHDRAWAL: _end_uses,
}


def uses_of(kind):
    """The purposes that a request of this kind may name: those that can be objected to, or rest on consent."""
    match kind:
        case RequestKind.OBJECTION:
            return [purpose for purpose in Purpose if RULES[purpose].can_be_objected]
        case RequestKind.WITHDRAWAL:
            return [purpose for purpose in Purpose if RULES[purpose].needs_consent]
    return []


def _how(request):
    """What the ledger keeps of how it was said."""
    on_screen = request.channel in (Channel.CENTRE, Channel.FORM)
    return {"method": "form" if on_screen else request.channel, "proof": {"request": request.number}}
