from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.admin import ReadOnlyAdmin

from ..models import Decision, Membership, Operator
from ..personal_data import PERSONAL_FIELDS
from ..services import operators as services
from .forms import ReasonForm

ACTS = {
    "suspend": (services.suspend, gettext_lazy("Suspend")),
    "reinstate": (services.reinstate, gettext_lazy("Lift the suspension")),
}


@admin.register(Operator)
class OperatorAdmin(ReadOnlyAdmin):
    list_display = ["business_name", "side", "status", "approved_at", "in_cross_view"]
    list_filter = ["side", "status", "in_cross_view"]
    search_fields = ["business_name", "business_name_romanised"]
    ordering = ["business_name"]
    personal_fields = PERSONAL_FIELDS
    change_form_template = "admin/accounts/operator.html"
    exclude = ["contact"]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        if obj is None:
            return fields
        other_side = {"country", "region"} if obj.side == "domestic" else set(_DOMESTIC_ONLY)
        return [field for field in fields if getattr(field, "__name__", field) not in other_side]

    def get_urls(self):
        act = path(
            "<int:pk>/decide/<str:act>/", self.admin_site.admin_view(self.act_view), name="accounts_operator_act"
        )
        return [act, *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        operator = self.get_object(request, object_id)
        act = "reinstate" if operator and operator.status == Operator.Status.SUSPENDED else "suspend"
        context = {}
        if operator and operator.approved_at and request.user.has_perm("accounts.change_operator"):
            context = {"act_url": reverse("admin:accounts_operator_act", args=[operator.pk, act]), "act": ACTS[act][1]}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def act_view(self, request, pk, act):
        if not request.user.has_perm("accounts.change_operator"):
            raise PermissionDenied
        operator = get_object_or_404(Operator, pk=pk)
        back = reverse("admin:accounts_operator_change", args=[pk])
        if act not in ACTS:
            return redirect(back)
        service, title = ACTS[act]
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            service(operator, by=request.user, **form.cleaned_data)
            messages.success(request, _("Done. The owners are told by e-mail."))
            return redirect(back)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": operator,
            "title": title,
            "subtitle": str(operator),
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/accounts/decide.html", context)


_DOMESTIC_ONLY = [
    "business_name_romanised",
    "prefecture",
    "has_tokyo_office",
    "tokyo_municipality",
    "tokyo_address",
    "representative_name",
    "contact_telephone",
    "licence_state",
    "licences",
    "licence_reason",
    "tokyo_office_confirmed_at",
    "licence_checked_on",
    "licence_checked_source",
]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["operator", "role", "side", "created_at"]
    list_filter = ["side", "role"]
    search_fields = ["operator__business_name"]
    list_select_related = ["operator"]
    fields = ["operator", "role", "side", "created_at"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["reference", "operator", "outcome", "by", "at"]
    list_filter = ["outcome"]
    search_fields = ["=reference"]
    list_select_related = ["operator", "by"]
    date_hierarchy = "at"
