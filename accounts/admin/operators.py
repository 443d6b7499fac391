from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.admin import ReadOnlyAdmin
from privacy.admin.acts import admin_url
from privacy.purposes import Purpose

from ..models import Decision, Membership, Operator, Role, registration_model
from ..models.business import PEOPLE_FIELDS
from ..services import operators as services
from .acts import ReasonedActs
from .facts import decisions_on, facts, person, questions_of, reasons_of


class ApprovedFilter(admin.SimpleListFilter):
    """The approved ones, unless somebody asks for others: before that an operator has no name, but its registration."""

    title = _("approval")
    parameter_name = "approved"

    def lookups(self, request, model_admin):
        return [("no", _("Not yet approved")), ("all", _("All"))]

    def choices(self, changelist):
        approved, *others = super().choices(changelist)
        yield approved | {"display": _("Approved")}
        yield from others

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.filter(approved_at__isnull=self.value() == "no")


class InCrossViewFilter(admin.SimpleListFilter):
    """Django offers True and False for a generated field."""

    title = _("in the cross-view")
    parameter_name = "in_cross_view"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        return queryset.filter(in_cross_view=self.value() == "yes") if self.value() else queryset


@admin.register(Operator)
class OperatorAdmin(ReasonedActs, ReadOnlyAdmin):
    """The businesses with their approved values. What changes them is a registration, or an act with a reason."""

    list_display = ["name", "side", "status", "approved_at", "is_in_cross_view"]
    list_filter = [ApprovedFilter, "side", "status", InCrossViewFilter]
    search_fields = ["business_name", "business_name_romanised"]
    ordering = ["business_name"]
    list_select_related = ["people"]
    personal_fields = [f"people__{name}" for name in PEOPLE_FIELDS]
    purpose, subject = Purpose.REGISTRATION, "contact"
    # The page is `operator.html`, which draws the fields itself.
    fields = ["business_name"]
    change_form_template = "admin/accounts/operator.html"
    acts = {
        "suspend": (services.suspend, _("Suspend")),
        "reinstate": (services.reinstate, _("Lift the suspension")),
        "close": (services.close, _("End the registration")),
        "confirm-office": (services.confirm_tokyo_office, _("Confirm the Tokyo office")),
    }

    @admin.display(description=_("business name"), ordering="business_name")
    def name(self, operator):
        return str(operator)

    @admin.display(description=_("in the cross-view"), ordering="in_cross_view")
    def is_in_cross_view(self, operator):
        return gettext("Yes") if operator.in_cross_view else gettext("No")

    def acts_on(self, request, operator):
        if not request.user.has_perm("accounts.change_operator") or operator.approved_at is None:
            return []
        match operator.status:
            case Operator.Status.SUSPENDED:
                return ["reinstate", "close"]
            case Operator.Status.CLOSED:
                return []
        waits_for_office = operator.has_tokyo_office and operator.tokyo_office_confirmed_at is None
        return [*(["confirm-office"] if waits_for_office else []), "suspend", "close"]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        operator = self.get_object(request, object_id)
        context = _about(request, operator) if operator else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))


def _about(request, operator):
    registrations = registration_model(operator.side).objects.sent().filter(operator=operator)
    memberships = operator.memberships.select_related("user").order_by("created_at", "pk")
    may_open = request.user.has_perm("accounts.view_membership")
    return {
        "rows": facts(request, operator, operator.reviewed_fields, side=operator.side),
        "members": [
            (membership, person(request, membership, "user"), may_open and admin_url(membership))
            for membership in memberships
        ],
        "registrations": [(row, admin_url(row)) for row in registrations.order_by("-submitted_at")],
        "decisions": decisions_on(request, operator),
    }


@admin.register(Membership)
class MembershipAdmin(ReasonedActs, ReadOnlyAdmin):
    """Who acts for whom. Members look after that themselves; staff name an owner where none is left."""

    list_display = ["operator", "role", "side", "created_at"]
    list_filter = ["side", "role"]
    search_fields = ["operator__business_name"]
    list_select_related = ["operator"]
    fields = ["operator", "user", "role", "side", "created_at"]
    personal_fields = ["user"]
    purpose, subject = Purpose.REGISTRATION, "user__subject"
    acts = {"name-owner": (services.name_owner, _("Make this person an owner"))}

    def acts_on(self, request, membership):
        may = request.user.has_perm("accounts.change_operator")
        return ["name-owner"] if may and membership.role != Role.OWNER and membership.user.is_active else []


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["reference", "operator", "outcome", "by", "at"]
    list_filter = ["outcome"]
    search_fields = ["=reference"]
    list_select_related = ["operator", "by"]
    date_hierarchy = "at"
    fields = ["reference", "operator", "outcome", "reasons_in_words", "questions", "note", "by", "at"]
    personal_fields = ["by"]
    purpose, subject = Purpose.REGISTRATION, "operator__contact"

    @admin.display(description=_("reasons"))
    def reasons_in_words(self, decision):
        return "\n".join(map(str, reasons_of(decision))) or "–"

    @admin.display(description=_("what was asked"))
    def questions(self, decision):
        return "\n".join(f"{label}: {question}" for label, question in questions_of(decision.fields)) or "–"
