"""Writing to the secretariat, without a log-in. Opening any of these pages changes nothing."""

import uuid

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.forms.registration import CodeForm

from . import limits, services
from .forms import ChildReportForm, CorrectAddressForm, InquiryForm
from .models import ABOUT_PERSONAL_DATA, Entry, Kind, Unconfirmed

# People leave this field empty, since they do not see it.
HONEYPOT = "subject"


class LetterView(FormView):
    """A form whose letter goes into the staff's queue: at once, or once the code is typed that its address gets."""

    extra_context = {"honeypot": HONEYPOT}

    @property
    def person(self):
        return self.request.user if self.request.user.is_authenticated else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"person": self.person}

    def post(self, request, *args, **kwargs):
        if request.POST.get(HONEYPOT):
            # A robot is told what people are told, and nothing is kept.
            return redirect("inquiries:inquiry-sent", uuid.uuid4())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        letter = form.letter()
        key = services.key_of(form.cleaned_data["form_key"], letter)
        if earlier := services.sent_before(form_key=key):
            return self.done(earlier)
        if seconds := limits.wait(self.request, "send", key=letter["email"]):
            return self.too_many(form, seconds)
        # In the language in which we write to this person anyway.
        language = self.person.language if self.person else get_language()
        if not self.needs_code(letter):
            return self.done(services.send(letter, key=key, language=language, person=self.person))
        if seconds := limits.wait(self.request, "mail_code", key=letter["email"]):
            return self.too_many(form, seconds)
        return self.done(services.send_with_code(letter, key=key, language=language))

    def needs_code(self, letter):
        """Where the answer or what follows from it must not go to, or against, somebody else; and from the third
        letter on, so that nobody's address is filled with our mail. The log-in has confirmed its address already."""
        if self.person:
            return False
        must = letter["kind"] in ABOUT_PERSONAL_DATA or letter["number"]
        return bool(must or limits.wait(self.request, "send_without_code", key=letter["email"]))

    def done(self, sent):
        page = "inquiry-confirm" if isinstance(sent, Unconfirmed) else "inquiry-sent"
        return redirect(f"inquiries:{page}", sent.ref)

    def too_many(self, form, seconds):
        """What was typed stays on the page."""
        form.add_error(None, try_again(seconds))
        return self.render_to_response(self.get_context_data(form=form), status=429)


class InquiryCreateView(LetterView):
    form_class = InquiryForm
    template_name = "inquiries/inquiry_form.html"

    def get_initial(self):
        kind = self.request.GET.get("kind")
        return {"kind": kind} if kind in Kind else {}

    def form_valid(self, form):
        if form.cleaned_data["kind"] == Kind.CHILD and not form.cleaned_data["number"]:
            return self.ask_whose_data(form)
        return super().form_valid(form)

    def ask_whose_data(self, form):
        """The guardian's form with what was typed: only there it is said whose data are to be hidden at once (R113)."""
        typed = {name: form.cleaned_data[name] for name in ("name", "email", "message")}
        report = ChildReportForm(initial=typed, person=self.person)
        return render(
            self.request, ChildReportView.template_name, self.extra_context | {"form": report, "goes_on": True}
        )


class ChildReportView(LetterView):
    """A guardian speaks for a child (R112)."""

    form_class = ChildReportForm
    template_name = "inquiries/child_report_form.html"


class InquiryConfirmView(View):
    """The code that was mailed to the address of a letter."""

    def dispatch(self, request, ref):
        self.unconfirmed = services.sent_before(ref=ref)
        if self.unconfirmed is None:
            raise Http404
        if isinstance(self.unconfirmed, Entry):
            # Confirmed already: the code is gone, and the letter has arrived.
            return redirect("inquiries:inquiry-sent", ref)
        return super().dispatch(request, ref)

    def get(self, request, ref):
        return self.page()

    def post(self, request, ref):
        if "resend" in request.POST:
            return self.mail(self.unconfirmed.email)
        if "change" in request.POST:
            form = CorrectAddressForm(request.POST)
            return self.mail(form.cleaned_data["email"]) if form.is_valid() else self.page(address_form=form)
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        if seconds := limits.wait(request, "type_code", key=str(ref)):
            return self.page(problem=try_again(seconds), status=429)
        try:
            services.confirm(self.unconfirmed, form.cleaned_data["code"])
        except services.WrongCode:
            form.add_error("code", _("That code is wrong or has expired. Ask for a new one."))
            return self.page(form)
        return redirect("inquiries:inquiry-sent", ref)

    def mail(self, address):
        if seconds := limits.wait(self.request, "mail_code", key=address):
            return self.page(problem=try_again(seconds), status=429)
        services.send_new_code(self.unconfirmed, email=address)
        return redirect("inquiries:inquiry-confirm", self.unconfirmed.ref)

    def page(self, form=None, *, address_form=None, problem="", status=200):
        context = {
            "form": form or CodeForm(),
            "address_form": address_form or CorrectAddressForm(),
            "address": self.unconfirmed.email,
            "problem": problem,
        }
        return render(self.request, "inquiries/inquiry_confirm.html", context, status=status)


class InquirySentView(TemplateView):
    """That it has arrived, and its number. Who comes here with any other reference reads the same without a number."""

    template_name = "inquiries/inquiry_sent.html"

    def get_context_data(self, **kwargs):
        sent = services.sent_before(ref=self.kwargs["ref"])
        return super().get_context_data(inquiry=sent.inquiry if isinstance(sent, Entry) else None, **kwargs)


def try_again(seconds):
    if seconds <= 3600:
        return _("That is more than we can take from one place in an hour. Try again in an hour; what you typed stays.")
    return _("That is more than we can take from one place in a day. Try again tomorrow; what you typed stays.")
