from django.contrib import admin

from privacy.admin import ReadOnlyAdmin

from .models import Introduction


@admin.register(Introduction)
class IntroductionAdmin(ReadOnlyAdmin):
    """Staff see what was reported, and read nothing else that operators wrote to each other (R049)."""

    list_display = ["sender", "recipient", "sent_at", "reported_at"]
    list_select_related = ["sender", "recipient"]
    fields = ["sender", "recipient", "sent_at", "text", "reported_at", "report_reason"]
    date_hierarchy = "reported_at"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(reported_at__isnull=False)
