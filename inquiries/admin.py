import uuid

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from accounts.admin.acts import ReasonedActs
from accounts.admin.facts import person
from accounts.admin.forms import ReasonForm
from accounts.fields import CanonicalEmail, MultiLineField
from privacy import audit
from privacy.admin import MASK, GatedAdmin, ReadOnlyAdmin, sees_personal_fields
from privacy.admin.acts import admin_url
from privacy.purposes import Purpose

from . import emails, services
from .models import AnswerTemplate, ChildCase, Inquiry, Kind

MAY_ANSWER = "inquiries.change_inquiry"


class AnswerForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = MultiLineField(
        label=gettext_lazy("Answer"),
        max_length=4000,
        noun=gettext_lazy("answer"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Mailed to the sender as written; use the sender’s language."),
    )
    waits = forms.BooleanField(
        label=gettext_lazy("This asks the sender something; the inquiry waits for them."), required=False
    )


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Who looks after it?"), queryset=None, required=False, empty_label=gettext_lazy("Nobody yet")
    )

    def __init__(self, *args, inquiry, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = emails.handlers(inquiry.kind)
        self.fields["to"].initial = inquiry.assigned_to


class SortForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=Kind,
        help_text=gettext_lazy("Those who answer inquiries of this kind are told, and the day of the answer changes."),
    )

    def __init__(self, *args, inquiry, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = inquiry.kind


class StateFilter(admin.SimpleListFilter):
    """The queue, unless something else is asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue")), *Inquiry.State.choices, ("all", _("All"))]

    def choices(self, changelist):
        still_open, *others = super().choices(changelist)
        yield still_open | {"display": _("Still open")}
        yield from others

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.open()
            case "all":
                return queryset
            case "overdue":
                return queryset.overdue_on(timezone.localdate())
        return queryset.filter(state=self.value())


class AssignedFilter(admin.SimpleListFilter):
    title = gettext_lazy("assigned to")
    parameter_name = "assigned"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("nobody", _("Nobody yet"))]

    def queryset(self, request, queryset):
        match self.value():
            case "me":
                return queryset.filter(assigned_to=request.user)
            case "nobody":
                return queryset.filter(assigned_to=None)
        return queryset


@admin.register(Inquiry)
class InquiryAdmin(ReadOnlyAdmin):
    """The queue, the oldest promise first, and the page on which staff read and answer.

    Filtered by kind it is the register of complaints (R021)."""

    list_display = ["number", "due", "kind", "state", "name", "email", "language", "assigned_to"]
    list_filter = [StateFilter, "kind", AssignedFilter, "language"]
    list_select_related = ["assigned_to"]
    search_fields = ["=number"]
    search_help_text = gettext_lazy("Number of the inquiry")
    show_full_result_count = False
    ordering = ["due_on", "pk"]
    personal_fields = ["name", "email", "assigned_to"]
    purpose, subject = Purpose.INQUIRIES, "subject"
    # The page is `inquiry.html`, which draws the fields itself.
    fields = ["number"]
    change_form_template = "admin/inquiries/inquiry.html"

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description=gettext_lazy("answer due on"), ordering="due_on")
    def due(self, inquiry):
        day = date_format(inquiry.due_on)
        return _("%(day)s (overdue)") % {"day": day} if inquiry.is_overdue else day

    def get_urls(self):
        act = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/act/<str:act>/", act, name="inquiries_inquiry_act"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        inquiry = self.get_object(request, object_id)
        context = self._page(request, inquiry) if inquiry else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def act_view(self, request, pk, act):
        if not request.user.has_perm(MAY_ANSWER):
            raise PermissionDenied
        inquiry = get_object_or_404(self.get_queryset(request), pk=pk)
        if act not in ACTS:
            return redirect(admin_url(inquiry))
        title, make_form, do, done = ACTS[act]
        form = make_form(request, inquiry)
        if sees_personal_fields(request):
            audit.record(request.user, "personal fields seen", inquiry)
        if request.method == "POST" and form.is_valid():
            try:
                do(inquiry, request.user, form.cleaned_data)
            except services.NotNow:
                messages.warning(request, _("Somebody else has closed this inquiry meanwhile."))
            else:
                messages.success(request, done)
            still_theirs = self.get_queryset(request).filter(pk=inquiry.pk).exists()
            return redirect(admin_url(inquiry) if still_theirs else "admin:inquiries_inquiry_changelist")
        context = self._page(request, inquiry) | {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": inquiry,
            "title": title,
            "subtitle": inquiry.number,
            "form": form,
            "back": admin_url(inquiry),
            "templates": self._templates(inquiry) if act == "answer" else [],
        }
        return TemplateResponse(request, "admin/inquiries/act.html", context)

    def _templates(self, inquiry):
        return [(row.pk, row.name(get_language())) for row in AnswerTemplate.objects.for_kind(inquiry.kind)]

    def _page(self, request, inquiry):
        sees = sees_personal_fields(request)
        entries = inquiry.entries.select_related(*(["by"] if sees else []))
        case = ChildCase.objects.filter(inquiry=inquiry).first()
        may_see_case = case and request.user.has_perm("inquiries.view_childcase")
        return {
            "title": _("Inquiry"),
            "sender": {"name": inquiry.name, "email": inquiry.email} if sees else {"name": MASK, "email": MASK},
            "sender_language": get_language_info(inquiry.language)["name_translated"],
            "assigned": person(request, inquiry, "assigned_to"),
            "entries": [
                {
                    "is_answer": entry.is_answer,
                    "by": person(request, entry, "by") if entry.is_answer else "",
                    "text": entry.text if sees else MASK,
                    "at": entry.written_at,
                }
                for entry in entries
            ],
            "case_url": admin_url(case) if may_see_case else "",
            "acts": [
                (act, title, admin_url(inquiry, "act", act))
                for act, (title, _form, _do, _done) in ACTS.items()
                if request.user.has_perm(MAY_ANSWER) and not (act == "answer" and inquiry.state == "closed")
            ],
        }


def _answer_form(request, inquiry):
    chosen = request.GET.get("template", "")
    template = chosen.isdecimal() and AnswerTemplate.objects.filter(pk=chosen[:9]).first()
    return AnswerForm(request.POST or None, initial={"text": template.body(inquiry.language)} if template else {})


# {act: (title, form(request, inquiry), do(inquiry, person, answers), what is said afterwards)}
ACTS = {
    "answer": (
        gettext_lazy("Answer"),
        _answer_form,
        lambda inquiry, person, answers: services.answer(inquiry, by=person, **answers),
        gettext_lazy("The answer is on its way."),
    ),
    "assign": (
        gettext_lazy("Assign"),
        lambda request, inquiry: AssignForm(request.POST or None, inquiry=inquiry),
        lambda inquiry, person, answers: services.assign(inquiry, by=person, **answers),
        gettext_lazy("Done, and recorded in the audit."),
    ),
    "sort": (
        gettext_lazy("Change the kind"),
        lambda request, inquiry: SortForm(request.POST or None, inquiry=inquiry),
        lambda inquiry, person, answers: services.sort_as(inquiry, by=person, **answers),
        gettext_lazy("Done, and recorded in the audit."),
    ),
    "close": (
        gettext_lazy("End this inquiry"),
        lambda request, inquiry: forms.Form(request.POST if request.method == "POST" else None),
        lambda inquiry, person, answers: services.close(inquiry, by=person),
        gettext_lazy("Done, and recorded in the audit."),
    ),
}


class DecisionFilter(admin.SimpleListFilter):
    """What waits for a decision, unless something else is asked for."""

    title = gettext_lazy("what was decided")
    parameter_name = "decided"

    def lookups(self, request, model_admin):
        return [*ChildCase.Decision.choices, ("all", _("All"))]

    def choices(self, changelist):
        undecided, *others = super().choices(changelist)
        yield undecided | {"display": _("Not decided yet")}
        yield from others

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.undecided()
            case "all":
                return queryset
        return queryset.filter(decision=self.value())


class ConfirmForm(ReasonForm):
    """Where nobody was found under what the guardian gave, the officer may have found out who it is."""

    address = CanonicalEmail(
        label=gettext_lazy("Email address of the person concerned"),
        required=False,
        help_text=gettext_lazy("Nobody was found under what was given. Whoever has this address is hidden."),
        noun=gettext_lazy("email address"),
    )

    def clean_address(self):
        address = self.cleaned_data["address"]
        if address and services.concerned(address) is None:
            raise forms.ValidationError(gettext_lazy("Nobody here has this address."))
        return address


@admin.register(ChildCase)
class ChildCaseAdmin(ReasonedActs, ReadOnlyAdmin):
    """Reports of guardians. What they hide shows itself again after a working day unless it is confirmed here."""

    list_display = ["inquiry", "situation", "hidden_until", "relation", "decided_at"]
    list_filter = [DecisionFilter, "relation"]
    list_select_related = ["inquiry"]
    fields = [
        *["inquiry_page", "relation", "child_email", "place", "is_found", "situation", "hidden_until"],
        *["decided_at", "decided_by"],
    ]
    personal_fields = ["child_email", "place", "decided_by"]
    purpose, subject = Purpose.RIGHTS, "subject"
    acts = {
        "confirm": (services.confirm_child, gettext_lazy("It is a child: delete the data")),
        "clear": (services.clear_child, gettext_lazy("It is no child: show the data again")),
    }

    def act_form(self, act, case, data):
        return ConfirmForm(data) if act == "confirm" and case.subject is None else ReasonForm(data)

    def acts_on(self, request, case):
        if not request.user.has_perm("inquiries.change_childcase"):
            return []
        done = {ChildCase.Decision.CONFIRMED: "confirm", ChildCase.Decision.CLEARED: "clear"}.get(case.decision)
        return [act for act in self.acts if act != done]

    @admin.display(description=gettext_lazy("situation"))
    def situation(self, case):
        return case.situation

    @admin.display(description=gettext_lazy("inquiry"))
    def inquiry_page(self, case):
        return format_html('<a href="{}">{}</a>', admin_url(case.inquiry), case.inquiry)

    @admin.display(description=gettext_lazy("a person was found under what was given"), boolean=True)
    def is_found(self, case):
        return case.subject_id is not None


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(GatedAdmin):
    """What answers begin with, in both languages. One that is no longer of use is not offered any more."""

    list_display = ["called", "kind", "is_offered"]
    list_filter = ["kind", "is_offered"]
    fields = ["name_en", "name_ja", "kind", "body_en", "body_ja", "is_offered"]

    @admin.display(description=gettext_lazy("name"))
    def called(self, template):
        return template.name(get_language())

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, request, row, message):
        audit.record(request.user, "answer template added", row)

    def log_change(self, request, row, message):
        audit.record(request.user, "answer template changed", row)
