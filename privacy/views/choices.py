"""Saying yes and no from the privacy centre: one button each way, so that no is as easy as yes (GDPR Art. 7(3))."""

from functools import wraps

from allauth.core.internal.ratelimit import consume
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import consent, ledger
from ..models import Recipient, Topic
from ..purposes import RULES, Purpose

# Each change of mind is a row of the ledger, for good.
LIMITS = {"choose": "120/h/user"}


def _choice(view):
    """Where a choice comes from and leads to. `view(request)` acts and returns what to tell the person."""

    @require_POST
    @wraps(view)
    def choose(request):
        if not consume(request, app="privacy", action="choose", config=LIMITS, user=request.user):
            return render(request, "429.html", status=429)
        messages.success(request, view(request))
        return redirect("privacy:centre")

    return choose


@_choice
def give(request):
    purpose, topic, name, how = _use(request, lambda rule: rule.needs_consent)
    if topic is not None and not topic.is_offered:
        raise Http404
    consent.give(request.user.subject, purpose, _code(topic), **how)
    return _("You have agreed: %(name)s.") % {"name": name}


@_choice
def withdraw(request):
    purpose, topic, name, how = _use(request, lambda rule: rule.needs_consent)
    consent.stop(request.user.subject, purpose, _code(topic), **how)
    return _("You have taken back your agreement: %(name)s.") % {"name": name}


@_choice
def make_objection(request):
    purpose, topic, name, how = _use(request, lambda rule: rule.can_be_objected)
    consent.object_to(request.user.subject, purpose, _code(topic), **how)
    return _("We stop this: %(name)s.") % {"name": name}


@_choice
def take_back_objection(request):
    purpose, topic, name, how = _use(request, lambda rule: rule.can_be_objected)
    consent.take_back_objection(request.user.subject, purpose, _code(topic), **how)
    return _("You have taken back your objection: %(name)s.") % {"name": name}


@_choice
def opt_out(request):
    recipient, how = _recipient(request)
    consent.opt_out(request.user.subject, recipient.code, **how)
    return _("From now on %(name)s gets the minimum only.") % {"name": recipient.name(get_language())}


@_choice
def opt_in(request):
    recipient, how = _recipient(request)
    consent.opt_in(request.user.subject, recipient.code, **how)
    return _("%(name)s may get your details again.") % {"name": recipient.name(get_language())}


def _use(request, is_about):
    """(purpose, `Topic` or None, its name, how it was said) of a form about a purpose whose rule `is_about` accepts."""
    purpose, code = request.POST.get("purpose"), request.POST.get("topic", "")
    if purpose not in Purpose or not is_about(RULES[Purpose(purpose)]):
        raise Http404
    topic = Topic.objects.filter(code=code, purpose=purpose).first()
    # Where people choose by topic, yes is never said to all topics at once, present and future ones.
    if (code or RULES[Purpose(purpose)].by_topic) and topic is None:
        raise Http404
    if topic is None:
        return Purpose(purpose), None, Purpose(purpose).label, _how(request, Purpose(purpose).label)
    name, description = topic.name(get_language()), topic.description(get_language())
    return Purpose(purpose), topic, name, _how(request, f"{name}\n{description}")


def _code(topic):
    return topic.code if topic else ""


def _recipient(request):
    """(the recipient whose code is the `topic` of the form, how it was said)."""
    found = Recipient.objects.current(timezone.now()).filter(code=request.POST.get("topic", "")).first()
    if found is None:
        raise Http404
    return found, _how(request, f"{found.name(get_language())}\n{found.duties(get_language())}")


def _how(request, served):
    """`served` is what stood beside the button."""
    control = request.resolver_match.url_name
    return {"language": get_language(), "proof": ledger.proof_of(request, control, served=served)}
