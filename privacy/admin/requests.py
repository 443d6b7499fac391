from django.contrib import admin

from ..models import Request
from ..purposes import Purpose
from .gated import ReadOnlyAdmin


@admin.register(Request)
class RequestAdmin(ReadOnlyAdmin):
    """What people asked about their own data, the oldest first: its time runs out first."""

    list_display = ["__str__", "kind", "received_at"]
    list_filter = ["kind"]
    date_hierarchy = "received_at"
    ordering = ["pk"]
    fields = ["kind", "text", "received_at", "subject"]
    personal_fields = ["text"]
    purpose = Purpose.RIGHTS
    subject = "subject"
