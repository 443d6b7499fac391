"""A copy of one's own data for whoever is logged in: a request like any other, which no officer has to decide.

Who asks has just given their password again, so that nothing is in doubt (R099); and nothing can be refused but a
second copy within a week. The steps of such a request are taken by the portal itself, and it counts with the others.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import outbox

from .. import audit, gate, packages
from ..acting import PORTAL, acting_as
from ..models import Channel, Outcome, PackageForm, Regime, Request, RequestKind, RequestState, Step, Subject
from ..purposes import Purpose
from . import answers
from .acts import begin_review, close, decide, deliver, settle_identity
from .events import lock, record
from .reasons import Ground, Identity

KINDS = {PackageForm.ACCESS: RequestKind.ACCESS, PackageForm.PORTABILITY: RequestKind.PORTABILITY}
READY = "privacy/emails/copy_ready"
# Nothing is to be had of such a copy any more.
ENDED = (packages.Refusal.FAILED, packages.Refusal.EXPIRED, packages.Refusal.SPENT)


@acting_as(duty=PORTAL)
@transaction.atomic
def ask_for_copy(person, form):
    """Have a copy made for the user `person`. Returns the `Package` and whether it is new: a double click asks once.

    Raises `ValidationError` where another was made within a week.
    """
    subject = Subject.objects.select_for_update().get(pk=person.subject_id)
    waiting = subject.packages.filter(form=form, failed_at=None, fetched_at=None).first()
    if waiting and (waiting.expires_at is None or waiting.expires_at > timezone.now()):
        return waiting, False
    kind = KINDS[PackageForm(form)]
    asked = Request.objects.create(
        subject=subject, kind=kind, channel=Channel.CENTRE, regimes=[*Regime], language=subject.language
    )
    record(asked, Step.RECEIVED, by=person)
    audit.record(person, "request received", asked, kind=kind)
    settle_identity(asked, Identity.SIGNED_IN, by=person)
    begin_review(asked, by=None)
    grounds = [Ground.PROVIDED] if kind == RequestKind.PORTABILITY else []
    decide(asked, Outcome.GRANTED, by=None, grounds=grounds)
    return asked.packages.get(), True


def can_have_another(request):
    """Whether the copy that answered this request cannot be fetched any more: then staff may allow another."""
    last = request.packages.defer("content").first()
    return bool(last) and packages.refusal(last) in ENDED and request.subject.erased_at is None


@transaction.atomic
def allow_another_copy(request, reason, *, by):
    """Have the copy that answered this request made once more, also within the week (R092): `by` allows it, for
    `reason`. Returns the `Package`; raises `ValidationError` while the last one is made or waits."""
    lock(request)
    if not can_have_another(request):
        raise ValidationError(_("The last copy is still being made, or waits to be fetched."), code="waits")
    last = request.packages.defer("content").first()
    return packages.ask(request.subject, last.form, request=request, allowed_by=by, reason=reason)


def for_letter(request, *, has_begun=False):
    """The `Package` that waits to go by post to who gave no address, and so cannot fetch it; None without one."""
    last = request.packages.defer("content").first()
    waits = last and packages.refusal(last, has_begun=has_begun) is None
    return last if waits and answers.addressee(request) is None else None


@acting_as(duty=PORTAL)
@transaction.atomic
def fetch_for_letter(request, password, *, by, has_begun=False):
    """The copy of a person without an address, as a ZIP that opens with `password` (bytes), for the officer `by` who
    posts it. Given out once, as to anybody; written down as a use and with the officer's name.

    Raises `ValidationError` where there is nothing to post.
    """
    lock(request)
    package = for_letter(request, has_begun=has_begun)
    if package is None:
        raise ValidationError(_("There is no copy that waits to be posted."), code="nothing to post")
    content = packages.fetch(package, by=by, has_begun=has_begun)
    audit.record(by, gettext_noop("copy locked for a letter"), request, package=package.pk)
    gate.seen([request.subject_id], Purpose.RIGHTS, names={"content"}, count=1, surface="copy by letter", by=by)
    return packages.locked(content, password)


def tell_of_copy(package):
    """Mail that this copy, just built, can be fetched, and where: to who asked, or their agent. No word of its content.

    Not where the portal answers by itself: `answer_ready` says it with the answer. Nor to who gave no address: an
    officer posts it (`for_letter`).
    """
    request = package.request
    if request is None:
        return
    is_answered_with_it = package.allowed_by_id is None and request.events.filter(step=Step.DECIDED, by=None).exists()
    to = answers.addressee(request)
    if to is None or is_answered_with_it:
        return
    link = answers.link_to_page(request)
    outbox.post(to, Purpose.RIGHTS, READY, expires=package.expires_at, number=request.number, link=link)


@acting_as(duty=PORTAL)
def answer_ready():
    """Tell those who asked so that their copy is ready; with that the request is answered. Returns how many."""
    decided = Request.objects.with_state().filter(state=RequestState.DECIDED, packages__built_at__isnull=False)
    ready = decided.filter(events__step=Step.DECIDED, events__by=None).order_by("pk").distinct()
    return sum(_answer(request) for request in ready)


def _answer(request):
    try:
        with transaction.atomic():
            deliver(request, answers.draft_of_answer(request), by=None, mail=READY)
            close(request)
    except ValidationError:
        # Another worker was faster.
        return False
    return True
