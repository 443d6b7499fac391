"""What pages of hand-overs call recipients: their names, and not their codes."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from ..models import Recipient


def recipients():
    """(code, name) of those whose contract runs."""
    now = timezone.now()
    return [(one.code, one.name(get_language())) for one in Recipient.objects.current(now).order_by("code")]


def name_of(code):
    """What the recipient of that code is called, also after its contract."""
    found = Recipient.objects.filter(code=code).order_by("-valid_from").first()
    return found.name(get_language()) if found else code


class RecipientFilter(admin.SimpleListFilter):
    title = gettext_lazy("recipient")
    parameter_name = "recipient"

    def lookups(self, request, model_admin):
        codes = Recipient.objects.order_by("code").values_list("code", flat=True).distinct()
        return [(code, name_of(code)) for code in codes]

    def queryset(self, request, queryset):
        return queryset.filter(recipient=self.value()) if self.value() else queryset


class NamesRecipient:
    @admin.display(description=gettext_lazy("recipient"), ordering="recipient")
    def recipient_name(self, row):
        return name_of(row.recipient)
