"""What an officer looks at before deciding, for a request of each kind."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import ANSWERED, Outcome, RequestEvent, RequestKind, Step
from . import answers, clocks, copies, effects
from .reasons import in_words

DONE, OPEN, NOTE = "done", "open", "note"


def of(request):
    """[(`DONE`, `OPEN` or `NOTE`, a sentence)] for this request as it stands."""
    events = list(request.events.order_by("pk"))
    return [
        *_identity(events),
        *_mandate(request),
        *((NOTE, sentence) for sentence in _of_kind(request)),
        *_after_disclosure(request),
        *_told(request),
        *_restriction(request, events),
        *_done(request),
    ]


def _identity(events):
    settled = [event for event in events if event.step == Step.IDENTITY_SETTLED]
    if settled:
        yield DONE, _("Who asks: %(how)s.") % {"how": ", ".join(in_words(settled[-1].codes))}
    else:
        yield OPEN, _("Is it in doubt who asks? Only then ask for proof; else record that it is not doubted.")


def _mandate(request):
    if not request.mandate_id:
        return
    if answers.valid_mandate(request):
        yield DONE, _("An acknowledged agent asks, within the mandate. The answer goes to the agent.")
    else:
        yield OPEN, _("An agent asks, whose mandate is not acknowledged, has ended or does not cover this.")


def _of_kind(request):
    match request.kind:
        case RequestKind.ACCESS:
            yield _("Does the copy tell of other people, or of what the law excludes from disclosure?")
        case RequestKind.RECTIFICATION:
            yield _("Which value is wrong, and what shows the right one?")
            yield _("People correct their values on their own pages; help them there, or correct the registration.")
        case RequestKind.ERASURE:
            yield _("Which ground of Article 17(1) holds? Do the exceptions of Article 17(3) stand against it?")
            yield _("Is there a legal hold on the data? Is the person the only contact of a business?")
        case RequestKind.RESTRICTION:
            yield _("Which ground of Article 18(1) holds, and until when?")
        case RequestKind.OBJECTION:
            yield _("Which uses does the person mean? Against direct mail an objection is always granted.")
        case RequestKind.PORTABILITY:
            yield _("Article 20(1): only what the person provided, under a consent or a contract.")
        case RequestKind.WITHDRAWAL:
            yield _("Which consents does the person mean?")


def _after_disclosure(request):
    """The Japanese law lets people ask for correction and suspension within ninety days after a disclosure (L08)."""
    received_on = clocks.local_day(request.received_at)
    for rule in clocks.rules_for(request.kind, request.regimes, received_on, clocks.load()):
        if rule.after_disclosure is None:
            continue
        disclosed_on = _disclosed_on(request)
        if disclosed_on is None:
            yield (
                NOTE,
                _("%(law)s asks for a disclosure before, and there was none. Other laws do not ask for it.")
                % {"law": rule.name},
            )
            continue
        said = {"law": rule.name, "day": date_format(disclosed_on)}
        if received_on <= rule.after_disclosure.after(disclosed_on):
            yield DONE, _("%(law)s: asked in time after the disclosure of %(day)s.") % said
        else:
            yield (
                NOTE,
                _("%(law)s: asked too late after the disclosure of %(day)s. Other laws do not ask that.") % said,
            )


def _disclosed_on(request):
    """The day of the last answer before this request by which the person got a copy; None without one."""
    granted = RequestEvent.objects.filter(outcome__in=[Outcome.GRANTED, Outcome.PARTLY]).values("request")
    answered = RequestEvent.objects.filter(
        step=Step.DELIVERED,
        at__lte=request.received_at,
        request__in=granted,
        request__subject=request.subject_id,
        request__kind=RequestKind.ACCESS,
    ).last()
    return answered and clocks.local_day(answered.at)


def _told(request):
    recipients = answers.told(request)
    if recipients and request.kind in answers.RECALLED:
        names = ", ".join(recipients)
        yield NOTE, _("If granted, these recipients are told, and the answer names them: %(names)s.") % {"names": names}


def _restriction(request, events):
    if request.kind not in effects.RESTRICTED_AT_ONCE or not effects.is_restricted(request.subject):
        return
    if any(event.step == Step.LIFTING_TOLD for event in events):
        yield NOTE, _("The use of the data is restricted; the person was told that this will end.")
    elif events[-1].state in ANSWERED:
        yield OPEN, _("The use of the data is restricted. Tell the person before you end that.")
    else:
        yield DONE, _("The use of the data is restricted while the request is handled.")


def _done(request):
    """What the decision has begun."""
    package = request.packages.first()
    if package:
        if package.fetched_at:
            yield DONE, _("The copy was fetched.")
        elif copies.for_letter(request):
            yield OPEN, _("The copy is ready, and still has to be sent by post.")
        elif package.built_at:
            yield DONE, _("The copy is ready, and waits for the person.")
        else:
            yield OPEN, _("The copy is being made.")
    erasure = getattr(request, "erasure", None)
    if erasure and erasure.done_at:
        yield DONE, _("The data were deleted on %(day)s.") % {"day": date_format(clocks.local_day(erasure.done_at))}
    elif erasure and erasure.called_off_at:
        yield NOTE, _("The person called the deletion off.")
    elif erasure:
        yield OPEN, _("The data are deleted from %(day)s on.") % {"day": date_format(clocks.local_day(erasure.due_at))}
