from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.admin import MASK, MAY_SEE_PERSONAL_FIELDS, ReadOnlyAdmin

from ..display import label_of, written
from ..duplicates import possible_duplicates
from ..models import DomesticRegistration, OverseasRegistration
from ..personal_data import PERSONAL_FIELDS
from ..services import registration as services
from .forms import ApproveForm, DeclineForm, RequestChangesForm

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
            ("overdue", _("Overdue")),
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
            case "overdue":
                return queryset.overdue_on(timezone.localdate())
        return queryset.filter(status=self.value())


class RegistrationAdmin(ReadOnlyAdmin):
    """The queue, the oldest promise first, and the page on which staff compare and decide."""

    list_display = [
        "reference",
        "business_name",
        "kind",
        "status",
        "waiting_days",
        "due",
        "reviewer",
    ]
    list_filter = [StateFilter]
    search_fields = ["reference", "business_name"]
    list_select_related = ["operator", "reviewer"]
    ordering = ["due_on", "pk"]
    personal_fields = PERSONAL_FIELDS
    change_form_template = "admin/accounts/review.html"

    def get_queryset(self, request):
        # A draft is the applicant's own until it is sent.
        return super().get_queryset(request).exclude(Q(status="draft"))

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, registration):
        return _("First application") if registration.is_first else _("Change")

    @admin.display(description=gettext_lazy("waiting (days)"))
    def waiting_days(self, registration):
        waits = registration.status in (registration.Status.SUBMITTED, registration.Status.IN_REVIEW)
        return (timezone.now() - registration.submitted_at).days if waits else "–"

    @admin.display(description=gettext_lazy("answer due on"), ordering="due_on")
    def due(self, registration):
        day = registration.due_on.isoformat()
        return _("%(day)s (overdue)") % {"day": day} if registration.is_overdue else day

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                "<int:pk>/review/", self.admin_site.admin_view(self.start_view, cacheable=False), name=f"{name}_start"
            ),
            path("<int:pk>/decide/<str:act>/", self.admin_site.admin_view(self.act_view), name=f"{name}_act"),
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
                messages.warning(request, _("Somebody else has moved this registration on. This is how it stands now."))
        return redirect(self._url(registration))

    def act_view(self, request, pk, act):
        registration = self._for_review(request, pk)
        if act not in ACTS:
            return redirect(self._url(registration))
        form_class, service, title, done = ACTS[act]
        form = form_class(request.POST or None, registration=registration)
        if request.method == "POST" and form.is_valid():
            try:
                service(registration, by=request.user, **form.cleaned_data)
                messages.success(request, done % {"business": registration.business_name})
            except services.NotNow:
                messages.warning(request, _("Somebody else has moved this registration on. This is how it stands now."))
            return redirect(self._url(registration))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": registration,
            "title": title,
            "subtitle": registration.business_name,
            "form": form,
            "act": act,
            "back": self._url(registration),
            "applicant_language": _applicant_language(registration),
        }
        return TemplateResponse(request, "admin/accounts/decide.html", context)

    def _for_review(self, request, pk):
        if not request.user.has_perm("accounts.review_registrations"):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _url(self, registration, suffix="change"):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{suffix}", args=[registration.pk])

    def _review(self, request, registration):
        sees_personal = request.user.has_perm(MAY_SEE_PERSONAL_FIELDS)
        changed = {name for name, _live, _proposed in registration.changes}
        rows = []
        for name in registration.FIELDS:
            hidden = name in PERSONAL_FIELDS and not sees_personal
            proposed, live = (
                MASK if hidden else written(name, getattr(source, name), side=registration.SIDE)
                for source in (registration, registration.operator)
            )
            rows.append(
                {
                    "label": label_of(name),
                    "proposed": proposed,
                    "live": live,
                    "is_changed": name in changed and not registration.is_first,
                    "question": registration.requested_changes.get(name, ""),
                }
            )
        may_decide = request.user.has_perm("accounts.review_registrations")
        is_waiting = registration.status in (registration.Status.SUBMITTED, registration.Status.IN_REVIEW)
        return {
            "title": _("Review"),
            "rows": rows,
            "applicant_language": _applicant_language(registration),
            "duplicates": possible_duplicates(registration) if is_waiting else [],
            "decisions": registration.operator.decisions.filter(reference=registration.reference).select_related("by"),
            "can_start": may_decide and registration.status == registration.Status.SUBMITTED,
            "start_url": self._url(registration, "start"),
            "acts": [
                (
                    act,
                    title,
                    reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[registration.pk, act]),
                )
                for act, (_form, _service, title, _done) in ACTS.items()
            ]
            if may_decide and is_waiting
            else [],
        }


def _applicant_language(registration):
    code = registration.created_by.language if registration.created_by else "en"
    return get_language_info(code)["name_translated"]


@admin.register(DomesticRegistration)
class DomesticRegistrationAdmin(RegistrationAdmin):
    pass


@admin.register(OverseasRegistration)
class OverseasRegistrationAdmin(RegistrationAdmin):
    pass
