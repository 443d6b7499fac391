"""Registering a business: pages 17 to 21, for a first application and for every later change."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView, View

from .. import limits
from ..completeness import STEPS, step_of, step_state
from ..display import label_of, written
from ..fingerprint import fingerprint
from ..forms.membership import HandOverForm
from ..forms.registration import FORMS, CodeForm, DeclarationForm
from ..models import EDITING, AddressProof, Role
from ..services import membership, people
from ..services import registration as services
from ..sides import Side
from .access import operator_or_404, registration_or_404, role_in
from .answers import STEP_TITLES, differences, sections, step_url

FORM_ID = "step"


class RegistrationStartView(TemplateView):
    """Who can join, what it takes, and two doors."""

    template_name = "accounts/registration_start.html"
    extra_context = {"days": settings.REVIEW_WORKING_DAYS}


class AgeView(TemplateView):
    """Whether one may register, as two links: neither page stores anything or sets a cookie (R111)."""

    template_name = "accounts/age.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=self.request.GET.get("next", ""), **kwargs)


class RegistrationBeginView(View):
    """What one side needs to know before it starts (C13), and the start."""

    def get(self, request, side):
        context = {"side": side, "days": settings.REVIEW_WORKING_DAYS, "is_domestic": side == Side.DOMESTIC}
        return render(request, "accounts/registration_begin.html", context)

    def post(self, request, side):
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        try:
            registration = services.start(request.user, side)
        except services.SideTaken:
            messages.error(
                request, _("You already act for a business of the other side. One person acts on one side only.")
            )
            return redirect("accounts:registration-start")
        except membership.IsStaff:
            messages.error(request, _("An account of the staff acts for no business."))
            return redirect("accounts:registration-start")
        return redirect("accounts:registration-detail", registration.ref)


class RegistrationDetailView(View):
    """The task list of a Tokyo registration; the one page of an overseas one; the status of what has been sent."""

    def get(self, request, ref):
        registration = registration_or_404(request.user, ref)
        if not registration.is_editable or role_in(request.user, registration.operator) == Role.READER:
            return redirect("accounts:registration-status", ref)
        if registration.SIDE == Side.OVERSEAS:
            return redirect("accounts:registration-step", ref, "business")
        tasks = [self.task(registration, step) for step in STEPS[registration.SIDE]]
        context = {"registration": registration, "tasks": tasks, "are_done": all(task["is_done"] for task in tasks)}
        return render(request, "accounts/registration_detail.html", context)

    def task(self, registration, step):
        state = step_state(registration, step)
        words = {"done": _("Complete"), "begun": _("Begun"), "empty": _("Not begun")}
        return {
            "label": STEP_TITLES[step](),
            "url": reverse("accounts:registration-step", args=[registration.ref, step]),
            "state": words[state],
            "kind": "" if state == "done" else "wait",
            "is_done": state == "done",
            "hint": "",
        }


class RegistrationStepView(View):
    """One form. It saves whatever is well-formed; the rest stays on the page with what to do about it."""

    template_name = "accounts/registration_form.html"

    def setup(self, request, ref, step):
        super().setup(request, ref=ref, step=step)
        self.key = f"typed:{ref}:{step}"

    def dispatch(self, request, ref, step):
        self.registration = registration_or_404(request.user, ref, *EDITING)
        self.step = step
        if step not in STEPS[self.registration.SIDE]:
            raise Http404
        if not self.registration.is_editable:
            return redirect("accounts:registration-status", ref)
        return super().dispatch(request, ref, step)

    def get(self, request, ref, step):
        typed = request.session.pop(self.key, None)
        return self.page(self.form(typed and QueryDict(typed), extra=int("add" in request.GET)))

    def post(self, request, ref, step):
        form = self.form(request.POST)
        is_valid = form.is_valid()
        try:
            self.registration = services.save_answers(
                self.registration,
                form.answers,
                by=request.user,
                names=form.names(),
                seen=request.POST.get("version", ""),
            )
        except services.Stale as stale:
            self.registration = stale.args[0]
            return self.page(form, conflicts=self.conflicts(form))
        except services.NotNow:
            return redirect("accounts:registration-status", ref)
        if request.POST.get("switch_language") in dict(settings.LANGUAGES):
            return self.in_other_language(form, request.POST["switch_language"])
        if not is_valid:
            return self.page(form)
        if "add_licence" in request.POST:
            return redirect(f"{request.path}?add#id_kind_{form.row_count}")
        if "finish_later" in request.POST:
            messages.success(request, _("Saved. You can go on whenever you like."))
            return redirect("accounts:registration-status", ref)
        return self.go_on()

    def form(self, data, extra=0):
        options = {"extra": extra} if self.step == "licences" and data is None else {}
        form_class = FORMS[self.registration.SIDE][self.step]
        return form_class(data, registration=self.registration, user=self.request.user, **options)

    def page(self, form, conflicts=()):
        registration = self.registration
        steps = list(STEPS[registration.SIDE])
        asked = [
            (label_of(name), text) for name, text in registration.requested_changes.items() if name in form.names()
        ]
        context = {
            "registration": registration,
            "form": form,
            "form_id": FORM_ID,
            "title": STEP_TITLES[self.step](),
            "step": self.step,
            "number": steps.index(self.step) + 1,
            "total": len(steps),
            "version": fingerprint(registration, form.names()),
            "conflicts": conflicts,
            "asked": asked,
            "is_changing": self.request.GET.get("then") == "check",
        }
        return render(self.request, self.template_name, context)

    def conflicts(self, form):
        """Where somebody else's answer and this one differ: label, saved answer, own answer."""
        side = self.registration.SIDE
        return [
            (
                label_of(name),
                written(name, getattr(self.registration, name), side=side),
                written(name, value, side=side),
            )
            for name, value in form.answers.items()
            if getattr(self.registration, name) != value
        ]

    def in_other_language(self, form, language):
        if form.errors:
            self.request.session[self.key] = self.request.POST.urlencode()
        return redirect(translate_url(self.request.get_full_path(), language))

    def go_on(self):
        registration, person = self.registration, self.request.user
        ref, address = registration.ref, registration.contact_email
        asked_for_address = address and "contact_email" in STEPS[registration.SIDE][self.step]
        if asked_for_address and not people.is_proved(registration.operator, address):
            if limits.allows(self.request, "ask_for_code", key=address):
                people.ask_for_proof(registration.operator, address, by=person)
            return redirect("accounts:registration-address", ref)
        if registration.SIDE == Side.OVERSEAS or self.request.GET.get("then") == "check":
            return redirect("accounts:registration-check", ref)
        steps = list(STEPS[registration.SIDE])
        after = steps[steps.index(self.step) + 1 :]
        if not after:
            return redirect("accounts:registration-detail", ref)
        return redirect("accounts:registration-step", ref, after[0])


class RegistrationAddressView(View):
    """The code that was mailed to the other address of the person in charge."""

    def dispatch(self, request, ref):
        self.registration = registration_or_404(request.user, ref, *EDITING)
        operator, address = self.registration.operator, self.registration.contact_email
        if not self.registration.is_editable or not address or people.is_proved(operator, address):
            return redirect("accounts:registration-detail", ref)
        self.proof = AddressProof.objects.filter(operator=operator, email=address).first()
        return super().dispatch(request, ref)

    def get(self, request, ref):
        return self.page(CodeForm())

    def post(self, request, ref):
        if self.proof is None or "resend" in request.POST:
            return self.send_again()
        form = CodeForm(request.POST)
        if form.is_valid():
            if not limits.allows(request, "type_code"):
                form.add_error("code", _("Too many tries. Wait 10 minutes."))
                return self.page(form)
            try:
                people.prove_address(self.proof, form.cleaned_data["code"], by=request.user)
            except people.WrongCode:
                form.add_error("code", _("That code is wrong or has expired. Ask for a new one."))
            else:
                messages.success(request, _("The address is confirmed."))
                return redirect(self.back())
        return self.page(form)

    def send_again(self):
        if limits.allows(self.request, "ask_for_code", key=self.registration.contact_email):
            people.ask_for_proof(self.registration.operator, self.registration.contact_email, by=self.request.user)
            messages.success(self.request, _("We have sent a new code."))
        else:
            messages.error(self.request, _("Too many tries. Wait 10 minutes."))
        return redirect("accounts:registration-address", self.registration.ref)

    def back(self):
        is_domestic = self.registration.SIDE == Side.DOMESTIC
        return reverse(
            "accounts:registration-detail" if is_domestic else "accounts:registration-check",
            args=[self.registration.ref],
        )

    def page(self, form):
        context = {
            "registration": self.registration,
            "form": form,
            "address": self.registration.contact_email,
            "back_url": self.back(),
            "step_url": reverse(
                "accounts:registration-step",
                args=[self.registration.ref, step_of(self.registration.SIDE, "contact_email")],
            ),
        }
        return render(self.request, "accounts/registration_address.html", context)


class RegistrationCheckView(View):
    """All answers on one page, each with a way back to it, and the declaration that sends them."""

    def dispatch(self, request, ref):
        self.registration = registration_or_404(request.user, ref, *EDITING)
        if not self.registration.is_editable:
            # Also the second of two clicks: it gets the answer of the first.
            sent = self.registration.status == self.registration.Status.SUBMITTED
            return redirect("accounts:registration-sent" if sent else "accounts:registration-status", ref)
        return super().dispatch(request, ref)

    def get(self, request, ref):
        return self.page(DeclarationForm(initial={"version": self.registration.version}))

    def post(self, request, ref):
        form = DeclarationForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        try:
            services.submit(self.registration, by=request.user, version=form.cleaned_data["version"])
        except services.Incomplete:
            messages.error(request, _("Some answers are still missing. They are listed below."))
        except services.Stale:
            messages.warning(
                request, _("Somebody has changed an answer since you opened this page. Check again, then send.")
            )
        except services.NotNow:
            return redirect("accounts:registration-status", ref)
        else:
            return redirect("accounts:registration-sent", ref)
        return redirect("accounts:registration-check", ref)

    def page(self, form):
        registration = self.registration
        context = {
            "registration": registration,
            "form": form,
            "form_id": None,
            "sections": sections(registration, registration.SIDE, changeable=True),
            "missing": [
                {"label": label_of(name), "url": step_url(registration, name)}
                for name in services.missing(registration)
            ],
            "no_tokyo_office": registration.SIDE == Side.DOMESTIC and registration.has_tokyo_office is False,
            "is_unchanged": not registration.is_first and not registration.changes,
            "days": settings.REVIEW_WORKING_DAYS,
        }
        return render(self.request, "accounts/registration_check.html", context)


class RegistrationSentView(View):
    def get(self, request, ref):
        registration = registration_or_404(request.user, ref)
        if registration.submitted_at is None:
            raise Http404
        return render(request, "accounts/registration_sent.html", {"registration": registration})


class RegistrationStatusView(View):
    """Where the registration stands, who acts next and by when, and what staff have said."""

    def get(self, request, ref):
        registration = registration_or_404(request.user, ref)
        operator = registration.operator
        role = role_in(request.user, operator)
        can_edit = role in EDITING
        context = {
            "registration": registration,
            "operator": operator,
            "operator_url": reverse("accounts:operator-detail", args=[operator.ref]),
            "can_edit": can_edit,
            "asked": [
                {"label": label_of(name), "text": text, "url": step_url(registration, name) if can_edit else ""}
                for name, text in registration.requested_changes.items()
            ],
            "decisions": operator.decisions.filter(reference=registration.reference) if registration.reference else [],
            "differences": differences(registration),
            "sections": sections(registration, registration.SIDE),
            "code": request.session.pop(f"code:{operator.ref}", None),
            "hand_over_ref": uuid.uuid4(),
            "may_hand_over": registration.is_editable and role in who_may_hand_over(operator),
        }
        return render(request, "accounts/registration_status.html", context)


@require_POST
def hand_over_registration(request, ref):
    """A code that lets a colleague edit; it is shown once, on the page that follows."""
    registration = registration_or_404(request.user, ref, *EDITING)
    if role_in(request.user, registration.operator) not in who_may_hand_over(registration.operator):
        raise Http404
    form = HandOverForm(request.POST)
    if not form.is_valid():
        pass
    elif limits.allows(request, "invite"):
        name = form.cleaned_data["ref"]
        _invitation, code = membership.invite(registration.operator, by=request.user, role=Role.EDITOR, ref=name)
        if code:
            request.session[f"code:{registration.operator.ref}"] = code
    else:
        messages.error(request, _("Too many tries. Wait an hour."))
    return redirect(f"{reverse('accounts:registration-status', args=[ref])}#code")


@require_POST
def change_registration(request, ref):
    """Propose other values for the operator `ref`; what staff approved stays until they approve the change."""
    operator = operator_or_404(request.user, ref, *EDITING)
    registration = services.propose_change(operator, by=request.user)
    return redirect("accounts:registration-detail", registration.ref)


def who_may_hand_over(operator):
    """Whoever fills in a first application may ask a colleague to help; later, only owners bring in colleagues."""
    return (Role.OWNER,) if operator.approved_at else EDITING
