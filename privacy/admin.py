from django.contrib import admin
from django.core import checks
from django.utils.translation import gettext_lazy as _

from . import audit
from .models import AuditEvent

MAY_SEE_PERSONAL_FIELDS = "privacy.view_personal_fields"
MASK = "••••"


class GatedAdmin(admin.ModelAdmin):
    """The base of every admin here: fields in `personal_fields` are masked without the permission, can never be
    searched, sorted or filtered by, and each view of them is recorded (R049)."""

    personal_fields = ()

    def get_list_display(self, request):
        return self._gated(request, super().get_list_display(request))

    def get_fields(self, request, obj=None):
        return self._gated(request, super().get_fields(request, obj))

    def get_readonly_fields(self, request, obj=None):
        return self._gated(request, super().get_readonly_fields(request, obj))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if self.personal_fields and request.user.has_perm(MAY_SEE_PERSONAL_FIELDS):
            seen = self.get_object(request, object_id)
            if seen is not None:
                audit.record(request.user, "personal fields seen", seen)
        return super().change_view(request, object_id, form_url, extra_context)

    def check(self, **kwargs):
        by = {
            "search_fields": self.search_fields,
            "ordering": self.ordering or self.opts.ordering,
            "list_filter": self.list_filter,
        }
        used = {str(name).lstrip("-^=@").split("__")[0] for names in by.values() for name in names}
        errors = [
            checks.Error(
                f"{type(self).__name__} searches, orders or filters by the personal field {name}.", id="privacy.E001"
            )
            for name in sorted(used & set(self.personal_fields))
        ]
        return [*super().check(**kwargs), *errors]

    def _gated(self, request, names):
        if request.user.has_perm(MAY_SEE_PERSONAL_FIELDS):
            return names
        return [self._masked(name) if name in self.personal_fields else name for name in names]

    def _masked(self, name):
        # One callable a name: the admin looks them up by identity.
        if not hasattr(self, "_masks"):
            self._masks = {}
        if name not in self._masks:
            mask = admin.display(description=self.opts.get_field(name).verbose_name)(lambda row: MASK)
            mask.__name__ = name
            self._masks[name] = mask
        return self._masks[name]


class ReadOnlyAdmin(GatedAdmin):
    """Staff look; what changes these rows is a service."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "act", "target", "by"]
    list_filter = ["act"]
    search_fields = ["=target"]
    search_help_text = _("Kind of record and its key, for example accounts.operator:12")
    date_hierarchy = "at"
