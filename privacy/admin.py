from django.contrib import admin
from django.contrib.admin.utils import flatten, get_fields_from_path
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import audit, usage
from .models import AuditEvent, UsageCount

MAY_SEE_PERSONAL_FIELDS = "privacy.view_personal_fields"
MAY_SEE_AUDIT = "privacy.view_auditevent"
MASK = "••••"


class GatedAdmin(admin.ModelAdmin):
    """The base of every admin here (R049). Who may not see personal fields finds those of `personal_fields` masked, in
    lists and on pages. Nobody can search or filter by them, the address of a list included. Each sight is recorded.

    A name may lead to another table, as in `people__contact_name`."""

    personal_fields = ()

    def get_list_display(self, request):
        return self._gated(request, super().get_list_display(request))

    def get_fieldsets(self, request, obj=None):
        return [
            (title, options | {"fields": self._gated(request, flatten(options["fields"]))})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request, obj=None):
        masks = [] if sees_personal_fields(request) else map(self._masked, self.personal_fields)
        return [*super().get_readonly_fields(request, obj), *masks]

    def lookup_allowed(self, lookup, value, request):
        # Only what the list offers. Django lets every field of the model into the address: a question a letter would
        # spell out what is masked, and the hash of a password.
        offered = (getattr(one, "parameter_name", one) for one in self.get_list_filter(request))
        return lookup.split("__")[0] in {self.date_hierarchy, *offered}

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        if "cl" in (getattr(response, "context_data", None) or {}):
            shown = response.context_data["cl"]
            if {*shown.list_display} & {*self._personal_values}:
                keys = [row.pk for row in shown.result_list]
                audit.record(request.user, "personal fields listed", request.user, of=self.opts.label_lower, keys=keys)
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        # First: who is refused has seen nothing.
        response = super().change_view(request, object_id, form_url, extra_context)
        if self._personal_values and sees_personal_fields(request):
            seen = self.get_object(request, object_id)
            if seen is not None:
                audit.record(request.user, "personal fields seen", seen)
        return response

    def history_view(self, request, object_id, extra_context=None):
        """The audit of the row: Django's own log would keep names of rows, and knows nothing of our acts."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row) or not request.user.has_perm(MAY_SEE_AUDIT):
            raise PermissionDenied
        query = urlencode({"q": f"{self.opts.label_lower}:{row.pk}"})
        return redirect(f"{reverse('admin:privacy_auditevent_changelist')}?{query}")

    def check(self, **kwargs):
        by = (*self.search_fields, *(self.ordering or self.opts.ordering), *self.list_filter)
        used = {part for name in by for part in str(name).lstrip("-^=@").split("__")}
        errors = [
            checks.Error(
                f"{type(self).__name__} searches, orders or filters by the personal field {name}.", id="privacy.E001"
            )
            for name in sorted(used & {part for name in self.personal_fields for part in name.split("__")})
        ]
        return [*super().check(**kwargs), *errors]

    @property
    def _personal_values(self):
        """Those whose sight is recorded; which colleague did something is not."""
        return [name for name in self.personal_fields if not self._field(name).is_relation]

    def _field(self, name):
        return get_fields_from_path(self.model, name)[-1]

    def _gated(self, request, names):
        if sees_personal_fields(request):
            return names
        return [self._masked(name) if name in self.personal_fields else name for name in names]

    def _masked(self, name):
        # One callable a name: the admin looks them up by identity.
        if not hasattr(self, "_masks"):
            self._masks = {}
        if name not in self._masks:
            field = self._field(name)
            mask = admin.display(description=field.verbose_name)(lambda row: masked(row, field))
            mask.__name__ = name
            self._masks[name] = mask
        return self._masks[name]


def sees_personal_fields(request):
    return request.user.has_perm(MAY_SEE_PERSONAL_FIELDS)


def masked(row, field):
    """What stands for a personal value; for a person their key, so that two can be told apart."""
    if not field.is_relation:
        return MASK
    key = getattr(row, field.attname)
    return f"#{key}" if key else None


class ReadOnlyAdmin(GatedAdmin):
    """Staff look; what changes these rows is a service."""

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        # Named, so that Django makes no form for what nobody fills in.
        self.fields = self.fields or [
            field.name for field in self.opts.fields if field.editable and not field.primary_key
        ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ActFilter(admin.SimpleListFilter):
    title = _("act")
    parameter_name = "act"

    def lookups(self, request, model_admin):
        acts = AuditEvent.objects.order_by("act").values_list("act", flat=True).distinct()
        return [(act, gettext(act)) for act in acts]

    def queryset(self, request, queryset):
        return queryset.filter(act=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "act_in_words", "target", "by"]
    list_filter = [ActFilter]
    list_select_related = ["by"]
    search_fields = ["=target"]
    search_help_text = _("Kind of record and its key, for example accounts.operator:12")
    date_hierarchy = "at"
    fields = ["at", "act_in_words", "target", "by", "details"]
    personal_fields = ["by"]

    @admin.display(description=_("act"), ordering="act")
    def act_in_words(self, event):
        return gettext(event.act)


@admin.register(UsageCount)
class UsageCountAdmin(ReadOnlyAdmin):
    """What many looked for. A term that few used could be about somebody (R122)."""

    list_display = ["term", "language", "count", "month"]
    list_filter = ["language"]
    ordering = ["-day", "-count", "term"]
    date_hierarchy = "day"
    fields = ["term", "language", "count", "month"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(count__gte=usage.RARE)

    @admin.display(description=_("month"), ordering="day")
    def month(self, usage_count):
        return date_format(usage_count.day, "YEAR_MONTH_FORMAT")
