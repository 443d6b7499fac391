from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from privacy.admin import MASK, ReadOnlyAdmin
from privacy.admin.acts import admin_url
from privacy.purposes import Purpose

from .. import licences
from ..display import japanese_marked, written
from ..duplicates import possible_duplicates
from ..models import DomesticRegistration, OverseasRegistration
from ..models.business import PEOPLE_FIELDS
from ..services import registration as services
from .facts import decisions_on, facts, is_hidden, person
from .forms import ApproveForm, DeclineForm, RequestChangesForm

NOBODYS_LANGUAGE = "en"
PEOPLE = ["reviewer", "created_by"]
ACTS = {
    "approve": (ApproveForm, services.approve, gettext_lazy("Approve"), gettext_lazy("%(business)s is approved.")),
    "ask": (
        RequestChangesForm,
        services.request_changes,
        gettext_lazy("Ask for changes"),
        gettext_lazy("%(business)s has been asked for changes."),
    ),
    "decline": (DeclineForm, services.decline, gettext_lazy("Decline"), gettext_lazy("%(business)s is declined.")),
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            *((value, label) for value, label in model_admin.model.Status.choices if value != "draft"),
            ("all", _("All")),
        ]

    def choices(self, changelist):
        waiting, *others = super().choices(changelist)
        yield waiting | {"display": _("Waiting for staff")}
        yield from others

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.waiting_for_staff()
            case "all":
                return queryset
        return queryset.filter(status=self.value())


class AgeFilter(admin.SimpleListFilter):
    """Of what waits for staff: how near the day is by which they answer."""

    title = gettext_lazy("age")
    parameter_name = "age"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue")), ("today", _("Due today")), ("later", _("Due later"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "overdue":
                return queryset.overdue_on(today)
            case "today":
                return queryset.waiting_for_staff().filter(due_on=today)
            case "later":
                return queryset.waiting_for_staff().filter(due_on__gt=today)
        return queryset


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [("first", _("First application")), ("change", _("Change"))]

    def queryset(self, request, queryset):
        if self.value() in ("first", "change"):
            return queryset.filter(operator__approved_at__isnull=self.value() == "first")
        return queryset


class LanguageFilter(admin.SimpleListFilter):
    """So that who answers reads the language of who asks. Whose account is gone reads English, as on the page."""

    title = gettext_lazy("applicant’s language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return [(code, get_language_info(code)["name_translated"]) for code, _name in settings.LANGUAGES]

    def queryset(self, request, queryset):
        if self.value() not in dict(settings.LANGUAGES):
            return queryset
        spoken = Coalesce("created_by__subject__language", Value(NOBODYS_LANGUAGE))
        return queryset.alias(spoken=spoken).filter(spoken=self.value())


class RegistrationAdmin(ReadOnlyAdmin):
    """The queue, the oldest promise first, and the page on which staff compare and decide."""

    list_display = ["reference", "business_name", "due", "waiting_days", "kind", "status", "reviewer"]
    list_filter = [StateFilter, AgeFilter, KindFilter, LanguageFilter]
    search_fields = ["reference", "business_name"]
    list_select_related = ["operator", "reviewer"]
    show_full_result_count = False
    ordering = ["due_on", "pk"]
    # The page is `review.html`, which draws the fields itself.
    fields = ["reference"]
    change_form_template = "admin/accounts/review.html"
    purpose, subject = Purpose.REGISTRATION, "created_by__subject"

    def get_queryset(self, request):
        return super().get_queryset(request).sent()

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, registration):
        return _("First application") if registration.is_first else _("Change")

    @admin.display(description=gettext_lazy("waiting (days)"))
    def waiting_days(self, registration):
        if not registration.is_waiting_for_staff:
            return None
        return (timezone.localdate() - timezone.localdate(registration.submitted_at)).days

    @admin.display(description=gettext_lazy("answer due on"), ordering="due_on")
    def due(self, registration):
        day = date_format(registration.due_on)
        return _("%(day)s (overdue)") % {"day": day} if registration.is_overdue else day

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        start, act = map(self.admin_site.admin_view, (self.start_view, self.act_view))
        return [
            path("<int:pk>/review/", start, name=f"{name}_start"),
            path("<int:pk>/decide/<str:act>/", act, name=f"{name}_act"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        registration = self.get_object(request, object_id)
        context = self._review(request, registration) if registration else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def start_view(self, request, pk):
        registration = self._for_review(request, pk)
        if request.method == "POST":
            try:
                services.start_review(registration, by=request.user)
            except services.NotNow:
                _say_it_has_moved_on(request)
        return redirect(admin_url(registration))

    def act_view(self, request, pk, act):
        registration = self._for_review(request, pk)
        if act not in ACTS:
            return redirect(admin_url(registration))
        if request.GET.get("version", str(registration.version)) != str(registration.version):
            # What is decided is what was read: it may have come back with other answers meanwhile.
            _say_it_has_moved_on(request)
            return redirect(admin_url(registration))
        form_class, service, title, done = ACTS[act]
        form = form_class(request.POST or None, registration=registration, answers=_answers(request, registration))
        if request.method == "POST" and form.is_valid():
            try:
                service(registration, by=request.user, **form.cleaned_data)
                messages.success(request, done % {"business": registration.business_name})
            except services.NotNow:
                _say_it_has_moved_on(request)
            return redirect(admin_url(registration))
        self.record_sight(request, registration)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": registration,
            "title": title,
            "subtitle": registration.business_name,
            "form": form,
            "back": admin_url(registration),
            "applicant_language": _applicant_language(registration),
        }
        return TemplateResponse(request, "admin/decide.html", context)

    def _for_review(self, request, pk):
        if not request.user.has_perm("accounts.review_registrations"):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _review(self, request, registration):
        may_decide = request.user.has_perm("accounts.review_registrations")
        is_waiting = registration.is_waiting_for_staff
        duplicates = possible_duplicates(registration) if is_waiting else []
        rows = _compared(request, registration)
        return {
            "title": _("Review"),
            "kind": self.kind(registration),
            "rows": rows,
            "is_change": any(row["live"] is not None for row in rows),
            "applicant_language": _applicant_language(registration),
            "sent_by": person(request, registration, "created_by"),
            "reviewer": person(request, registration, "reviewer"),
            "is_waiting": is_waiting,
            "registers": _registers(registration) if is_waiting else [],
            "duplicates": [(business, admin_url(business), why) for business, why in duplicates],
            "decisions": decisions_on(request, registration.operator),
            "operator_url": admin_url(registration.operator),
            "can_start": may_decide and registration.status == registration.Status.SUBMITTED,
            "start_url": admin_url(registration, "start"),
            "acts": [
                (act, title, f"{admin_url(registration, 'act', act)}?version={registration.version}")
                for act, (_form, _service, title, _done) in ACTS.items()
                if may_decide and is_waiting
            ],
        }


def _answers(request, registration):
    """{field: what was sent, in words}, as far as the person may see it."""
    return {
        name: MASK if is_hidden(request, registration, name) else written(name, value, side=registration.SIDE)
        for name, value in registration.values.items()
    }


def _compared(request, registration):
    """What was sent beside what is approved now, field by field."""
    is_change = not registration.is_first and registration.status not in registration.CLOSED
    changed = {name for name, _live, _proposed in registration.changes} if is_change else set()
    proposed, live = (
        facts(request, business, registration.FIELDS, side=registration.SIDE)
        for business in (registration, registration.operator)
    )
    return [
        {
            "label": label,
            "proposed": value,
            "live": now if is_change else None,
            "is_changed": name in changed,
            "question": registration.requested_changes.get(name, ""),
        }
        for (name, label, value), (_name, _label, now) in zip(proposed, live, strict=True)
    ]


def _registers(registration):
    """[(kind of licence, the public list to compare with, its address)]"""
    held = getattr(registration, "licences", [])
    finished = {(row["kind"], row["authority"]): None for row in held if row["kind"] and row["authority"]}
    return [
        (
            licences.KINDS[kind].name(),
            japanese_marked(licences.register(kind, authority)),
            licences.KINDS[kind].register_url,
        )
        for kind, authority in finished
    ]


def _say_it_has_moved_on(request):
    messages.warning(request, _("Somebody else has moved this registration on. This is how it stands now."))


def _applicant_language(registration):
    code = registration.created_by.language if registration.created_by else NOBODYS_LANGUAGE
    return get_language_info(code)["name_translated"]


@admin.register(DomesticRegistration)
class DomesticRegistrationAdmin(RegistrationAdmin):
    personal_fields = [*PEOPLE_FIELDS, *PEOPLE]


@admin.register(OverseasRegistration)
class OverseasRegistrationAdmin(RegistrationAdmin):
    personal_fields = [*(name for name in PEOPLE_FIELDS if name in OverseasRegistration.FIELDS), *PEOPLE]
