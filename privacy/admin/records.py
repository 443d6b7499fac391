"""What was done: acts of staff, uses of data, and what many looked for."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .. import usage
from ..models import AuditEvent, ProcessingRecord, Recipient, UsageCount
from .gated import ReadOnlyAdmin


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
    fields = ["term", "language", "count", "month"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(count__gte=usage.RARE)

    @admin.display(description=_("month"), ordering="day")
    def month(self, usage_count):
        return date_format(usage_count.day, "YEAR_MONTH_FORMAT")


class RecipientFilter(admin.SimpleListFilter):
    title = _("recipient")
    parameter_name = "recipient"

    def lookups(self, request, model_admin):
        newest = {row.code: row.name(get_language()) for row in Recipient.objects.order_by("valid_from")}
        return [("city", _("The city itself")), *newest.items()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(recipient="" if self.value() == "city" else self.value())


@admin.register(ProcessingRecord)
class ProcessingRecordAdmin(ReadOnlyAdmin):
    """The uses of personal data: what for, for whom, how many people, and which fields; never whose."""

    list_display = ["at", "purpose", "recipient", "surface", "subjects"]
    list_filter = ["purpose", RecipientFilter]
    date_hierarchy = "at"
    ordering = ["-pk"]
    show_full_result_count = False
    fields = ["at", "purpose", "topic", "recipient", "surface", "subjects", "fields_used", "versions", "by_ref"]

    @admin.display(description=_("fields"))
    def fields_used(self, record):
        return ", ".join(record.fields)
