"""Copies of people's data as officers and auditors see them: who asked for which, when, and what became of it.

What is in a copy is for whom it is about; nothing here reads it (R092).
"""

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from .. import packages
from ..models import Package
from .acts import admin_url
from .gated import ReadOnlyAdmin

# {state: (label, its rows now)}
STATES = {
    "being made": (gettext_lazy("being made"), lambda now: Q(built_at=None, failed_at=None)),
    "ready": (gettext_lazy("ready"), lambda now: Q(built_at__isnull=False, fetched_at=None, expires_at__gt=now)),
    "fetched": (gettext_lazy("fetched"), lambda now: Q(fetched_at__isnull=False)),
    "over": (gettext_lazy("not fetched in time"), lambda now: Q(fetched_at=None, expires_at__lte=now)),
    "failed": (gettext_lazy("failed"), lambda now: Q(failed_at__isnull=False)),
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state, label) for state, (label, _rows) in STATES.items()]

    def queryset(self, request, queryset):
        if self.value() not in STATES:
            return queryset
        return queryset.filter(STATES[self.value()][1](timezone.now()))


@admin.register(Package)
class PackageAdmin(ReadOnlyAdmin):
    list_display = [
        *("__str__", "subject", "form", "state", "asked_for", "asked_at", "built_at", "fetched_at", "gone_at"),
        "allowed_by",
    ]
    list_filter = [StateFilter, "form"]
    list_select_related = ["subject", "request"]
    search_fields = ["=subject__ref", "=request__pk"]
    search_help_text = gettext_lazy("The reference of the person, or the last digits of the number of the request")
    show_full_result_count = False
    date_hierarchy = "asked_at"
    fields = [
        *("subject", "form", "state", "asked_for", "asked_at", "size", "built_at", "failed_at", "expires_at"),
        *("fetched_at", "gone_at", "allowed_by"),
    ]
    personal_fields = ["allowed_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    @admin.display(description=gettext_lazy("state"))
    def state(self, package):
        return state_of(package)

    @admin.display(description=gettext_lazy("request"))
    def asked_for(self, package):
        asked = package.request
        return format_html('<a href="{}">{}</a>', admin_url(asked), asked.number) if asked else "–"

    @admin.display(description=gettext_lazy("deleted"))
    def gone_at(self, package):
        gone_at = packages.gone_at(package)
        return gone_at if gone_at and gone_at <= timezone.now() else None


def state_of(package):
    """The state of a copy in a word or two."""
    if package.failed_at:
        return STATES["failed"][0]
    if package.fetched_at:
        return STATES["fetched"][0]
    if not package.built_at:
        return STATES["being made"][0]
    return STATES["ready" if package.expires_at > timezone.now() else "over"][0]
