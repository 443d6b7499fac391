from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.acts import ReasonedActs
from privacy.admin import ReadOnlyAdmin
from privacy.purposes import Purpose

from . import services
from .models import Introduction


@admin.register(Introduction)
class IntroductionAdmin(ReasonedActs, ReadOnlyAdmin):
    """Staff see what was reported, and read nothing else that operators wrote to each other (R049)."""

    list_display = ["sender", "recipient", "sent_at", "reported_at", "settled_at"]
    list_select_related = ["sender", "recipient"]
    list_filter = ["settled_at"]
    fields = ["sender", "recipient", "sent_at", "text", "reported_at", "report_reason", "settled_at"]
    personal_fields = ["text", "report_reason"]
    purpose, subject = Purpose.NETWORKING, "sent_by__subject"
    date_hierarchy = "reported_at"
    acts = {"settle": (services.settle_report, _("Settle the report"))}

    def get_queryset(self, request):
        return super().get_queryset(request).reported()

    def acts_on(self, request, introduction):
        may = request.user.has_perm("networking.change_introduction")
        return ["settle"] if may and introduction.settled_at is None else []
