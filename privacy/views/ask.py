"""Asking about one's own data without a log-in, and the page of such a request (R099, R100). GET changes nothing."""

import re
import unicodedata
import uuid

from allauth.core.internal.ratelimit import consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from .. import packages, requests
from ..acting import PORTAL, acting_as
from ..models import ANSWERED, AgentKind, RequestState, Step
from ..requests import answers, identity, states
from .centre import RequestForm
from .own_request import INTERNAL
from .packages import FILE_NAMES, standing

# Whole offices write from one network. An address gets few of our mails, whoever types it.
LIMITS = {
    "ask_without_login": "20/h/ip,60/d/ip,4/h/key,8/d/key",
    "mail_request_code": "20/h/ip,60/d/ip,4/h/key,8/d/key",
    "type_request_code": "60/h/ip",
}


# Stands in no name, and is made a link by who shows a mail.
LINK = re.compile(r"[/／]|\bwww\b", re.IGNORECASE)


def is_within(request, action, key):
    """Count one more `action` from this network and for `key`. False: it was one too many, and is not counted."""
    return bool(consume(request, app="privacy", action=action, key=key, config=LIMITS))


def other_ways():
    """What who is over a limit can do at once; their time runs from the day on which it reaches us."""
    return _(
        "That is more than we can take from one place at once, and nothing was sent. Try again tomorrow, or write or "
        "call: %(address)s; telephone %(telephone)s."
    ) % {"address": settings.SECRETARIAT_ADDRESS[get_language()], "telephone": settings.SECRETARIAT_TELEPHONE}


def with_plain_email(data):
    """What was sent, with one spelling of the address: people type full-width letters."""
    if not data:
        return data
    data = data.copy()
    for name in {"email", "principal_email"} & {*data}:
        data[name] = unicodedata.normalize("NFKC", data[name]).strip().lower()
    return data


class AskForm(RequestForm):
    collects = (
        RequestForm.collects
        | {"name": "privacy.Request.name", "email": "privacy.Request.email"}
        | {
            "principal_name": "privacy.Request.name",
            "principal_email": "privacy.Request.email",
        }
    )

    for_whom = forms.ChoiceField(
        label=gettext_lazy("For whom do you ask?"),
        choices=[
            ("", gettext_lazy("For myself")),
            (AgentKind.LEGAL, gettext_lazy("For somebody whom I represent by law, such as my child")),
            (AgentKind.VOLUNTARY, gettext_lazy("For somebody who gave me a mandate")),
        ],
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )
    principal_name = forms.CharField(
        label=gettext_lazy("Only if you ask for somebody: the name of this person"), max_length=100, required=False
    )
    principal_email = forms.EmailField(
        label=gettext_lazy("Only if you ask for somebody: the email address of this person"),
        help_text=gettext_lazy(
            "If you know it. We write to it after you have typed our code, and ask whether this person gave you a "
            "mandate. Of whom you represent by law we ask nothing there; an officer looks at your papers."
        ),
        max_length=254,
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        help_text=gettext_lazy("We send a code to it, and answer to it. If you registered here, use that address."),
        max_length=254,
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ["kind", "text", "for_whom", "principal_name", "principal_email", "name", "email", "is_in_europe"]

    def __init__(self, data=None, **kwargs):
        super().__init__(with_plain_email(data), **kwargs)

    def clean(self):
        said = super().clean()
        if not said.get("for_whom"):
            if said.get("principal_name") or said.get("principal_email"):
                self.add_error("for_whom", _("Choose for whom you ask, or leave the other person’s details empty."))
            return said
        # The name is mailed to whoever is said to have given a mandate, in a sentence of ours.
        said["name"] = " ".join(said.get("name", "").split())
        if LINK.search(said["name"]):
            self.add_error("name", _("Type a name, without a web address."))
        for name in ("principal_name", "name"):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("Whoever asks for somebody gives both names."))
        email = said.get("principal_email")
        if email and email == said.get("email"):
            self.add_error("principal_email", _("This is your own address. Leave it empty if you do not know theirs."))
        is_voluntary = said["for_whom"] == AgentKind.VOLUNTARY
        if is_voluntary and not email and "principal_email" not in self.errors:
            self.add_error(
                "principal_email",
                _("We ask this person whether they agree, and need the address for that. Without one, write to us."),
            )
        return said


class AddressForm(forms.Form):
    collects = {"email": "privacy.Request.email"}

    email = forms.EmailField(label=gettext_lazy("The right email address"), max_length=254)

    def __init__(self, data=None, **kwargs):
        super().__init__(with_plain_email(data), **kwargs)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "size": 10, "spellcheck": "false"}),
    )


def code_form(package, data=None):
    """Of each copy on the page, with a label of its own."""
    return CodeForm(data, auto_id=f"id_{package.pk}_%s")


class AskView(FormView):
    """The request is stored as soon as it is sent: what is wrong with the address must not cost the person a day."""

    template_name = "privacy/ask_form.html"
    form_class = AskForm

    def get_initial(self):
        kind = self.request.GET.get("kind")
        return {"kind": kind} if kind else {}

    def form_valid(self, form):
        said = form.cleaned_data
        code = identity.form_sent(**said)
        if code is None:
            if not is_within(self.request, "ask_without_login", said["email"]):
                form.add_error(None, other_ways())
                return self.render_to_response(self.get_context_data(form=form), status=429)
            code = identity.receive_by_form(**said, language=get_language())
        return redirect("privacy:ask-code", code.ref)


@method_decorator([never_cache, acting_as(duty=PORTAL)], name="dispatch")
class AskCodeView(View):
    """The code that was mailed to the address of a request; once it is typed, that the request has arrived."""

    def dispatch(self, request, ref):
        self.code = identity.waiting(ref)
        if self.code is None:
            raise Http404
        if identity.is_proven(self.code.request):
            asked = self.code.request
            return render(request, "privacy/ask_done.html", {"asked": asked, "newest": asked.newest})
        return super().dispatch(request, ref)

    def get(self, request, ref):
        return self.page()

    def post(self, request, ref):
        if "resend" in request.POST:
            return self.resend()
        if "correct" in request.POST:
            return self.correct()
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        if not is_within(request, "type_request_code", str(ref)):
            return self.page(form, problem=other_ways(), status=429)
        try:
            if identity.prove(self.code, form.cleaned_data["code"]):
                return redirect("privacy:ask-code", ref)
        except ValidationError:
            return self.page(form, problem=_("This request has ended. Please ask anew."))
        form.add_error("code", _("That code is wrong or has expired. Ask for a new one."))
        return self.page(form)

    def resend(self):
        if not is_within(self.request, "mail_request_code", identity.address_of(self.code.request)):
            return self.page(problem=other_ways(), status=429)
        try:
            identity.send_code(self.code)
        except ValidationError:
            return self.page(problem=_("No more codes can be sent for this request. Please ask anew."))
        messages.success(self.request, _("We have sent a new code. The one before works no more."))
        return redirect("privacy:ask-code", self.code.ref)

    def correct(self):
        form = AddressForm(self.request.POST)
        if not form.is_valid():
            return self.page(address_form=form)
        if not is_within(self.request, "mail_request_code", form.cleaned_data["email"]):
            return self.page(address_form=form, problem=other_ways(), status=429)
        try:
            identity.correct_address(self.code, form.cleaned_data["email"])
        except ValidationError as refusal:
            return self.page(problem=" ".join(refusal.messages))
        messages.success(self.request, _("We have sent a code to the new address. Nothing else has changed."))
        return redirect("privacy:ask-code", self.code.ref)

    def page(self, form=None, *, address_form=None, problem="", status=200):
        context = {
            "form": form or CodeForm(),
            "address_form": address_form or AddressForm(),
            "address": identity.address_of(self.code.request),
            "problem": problem,
        }
        return render(self.request, "privacy/ask_code.html", context, status=status)


@method_decorator([never_cache, acting_as(duty=PORTAL)], name="dispatch")
class AskedView(View):
    """The page of a request, by the link in our mail. A copy is given out only for a fresh code (R099)."""

    def dispatch(self, request, token):
        self.asked = identity.read(token)
        if self.asked is None:
            raise Http404
        return super().dispatch(request, token)

    def get(self, request, token):
        return self.page()

    def post(self, request, token):
        acts = {"withdraw": self.withdraw, "send": self.send, "fetch": self.fetch}
        chosen = next((act for name, act in acts.items() if name in request.POST), self.page)
        return chosen()

    def withdraw(self):
        try:
            requests.withdraw(self.asked, by=None)
        except ValidationError as refusal:
            messages.warning(self.request, " ".join(refusal.messages))
        else:
            done = _("You have taken back your request %(number)s.") % {"number": self.asked}
            messages.success(self.request, done)
        return redirect(self.request.path)

    def send(self):
        address = identity.address_of(self.asked)
        if not is_within(self.request, "mail_request_code", address):
            return self.page(problem=other_ways(), status=429)
        identity.send_code(identity.code_of(self.asked))
        messages.success(self.request, _("We have sent a code to the address of your request."))
        return redirect(self.request.path)

    def fetch(self):
        """The archive, for the right code, which is then spent; who has begun in this browser goes on without one."""
        package = self.packages().filter(ref=self.request.POST["fetch"]).first() if self.has_ref() else None
        if package is None:
            raise Http404
        goes_on = packages.has_begun(self.request.session, package)
        if not goes_on:
            form = code_form(package, self.request.POST)
            if not form.is_valid():
                return self.page(form)
            if not is_within(self.request, "type_request_code", str(self.asked.ref)):
                return self.page(form, problem=other_ways(), status=429)
            if not identity.check(identity.code_of(self.asked), form.cleaned_data["code"]):
                form.add_error("code", _("That code is wrong or has expired. Ask for a new one."))
                return self.page(form)
        try:
            content = packages.fetch(package, by=None, has_begun=goes_on)
        except ValidationError as refusal:
            return self.page(problem=" ".join(refusal.messages), status=410)
        packages.note_begun(self.request.session, package)
        answer = HttpResponse(content, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{FILE_NAMES[package.form]}"'
        return answer

    def form_of(self, package, sent):
        """The form that was sent, on the copy for which it was; an empty one on the others."""
        return sent if sent and self.request.POST.get("fetch") == str(package.ref) else code_form(package)

    def has_ref(self):
        try:
            return bool(uuid.UUID(self.request.POST["fetch"]))
        except ValueError:
            return False

    def packages(self):
        return self.asked.packages.defer("content").order_by("-pk")

    def page(self, form=None, *, problem="", status=200):
        steps = list(self.asked.events.order_by("pk"))
        newest = steps[-1]
        context = {
            "asked": self.asked,
            "newest": newest,
            "is_waiting_for_you": newest.state in (RequestState.IDENTITY, RequestState.COMPLETION),
            "is_answered": newest.state in ANSWERED,
            "steps": [event for event in steps if event.step not in INTERNAL],
            # Mails to who has an account do not say what the letters do; nor does a page that a mail leads to.
            "has_account": answers.has_account(self.asked),
            "letters": self.asked.letters.select_related("event").order_by("-pk"),
            "can_withdraw": states.is_legal(Step.WITHDRAWN, steps),
            "packages": [
                standing(self.request, package) | {"form": self.form_of(package, form)} for package in self.packages()
            ],
            "form": form,
            "problem": problem,
        }
        return render(self.request, "privacy/ask_request.html", context, status=status)
