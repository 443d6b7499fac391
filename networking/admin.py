from django.contrib import admin

from .models import Introduction


@admin.register(Introduction)
class IntroductionAdmin(admin.ModelAdmin):
    """Staff see what was reported, and read nothing else that operators wrote to each other (R049)."""

    list_display = ["sender", "recipient", "sent_at", "reported_at"]
    list_select_related = ["sender", "recipient"]
    fields = readonly_fields = [
        "sender",
        "recipient",
        "sent_at",
        "text",
        "reported_at",
        "report_reason",
    ]
    date_hierarchy = "reported_at"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(reported_at__isnull=False)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
