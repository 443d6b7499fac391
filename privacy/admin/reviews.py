"""What the city looks at again and again, and the overview of everything that is open (R154)."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .. import audit, overview
from ..models import Review
from .gated import GatedAdmin


@admin.register(Review)
class ReviewAdmin(GatedAdmin):
    """Reviews are added and stay as they are."""

    list_display = ["subject", "on", "next_on", "by"]
    list_filter = ["subject"]
    date_hierarchy = "on"
    fields = ["subject", "on", "result", "next_on"]
    personal_fields = ["by"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.overview_view)
        return [path("overview/", view, name="privacy_overview"), *super().get_urls()]

    def overview_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | overview.everything() | {"title": _("Privacy at a glance")}
        return TemplateResponse(request, "admin/privacy/overview.html", context)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, review, form, change):
        review.by = request.user
        super().save_model(request, review, form, change)

    def log_addition(self, request, review, message):
        audit.record(request.user, gettext_noop("review entered"), review, subject=review.subject)
