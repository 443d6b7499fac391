"""Who works for the city, how it looked after them, and what people may be written to about."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from .. import audit
from ..models import Oversight, Recipient, Topic
from ..purposes import RULES, Purpose
from .gated import GatedAdmin

ADDED = {
    Recipient: gettext_noop("recipient added"),
    Oversight: gettext_noop("oversight added"),
    Topic: gettext_noop("topic added"),
}
CHANGED = {
    Recipient: gettext_noop("recipient changed"),
    Oversight: gettext_noop("oversight changed"),
    Topic: gettext_noop("topic changed"),
}


class RegisterAdmin(GatedAdmin):
    """Rows are added and corrected, and never deleted: what was done under them must stay explicable."""

    fixed = ()

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def log_addition(self, request, row, message):
        audit.record(request.user, ADDED[self.model], row)

    def log_change(self, request, row, message):
        fields = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        audit.record(request.user, CHANGED[self.model], row, fields=fields)


class RecipientForm(forms.ModelForm):
    purposes = forms.MultipleChoiceField(
        label=_("purposes"),
        choices=Purpose,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of its contract."),
    )

    class Meta:
        model = Recipient
        fields = "__all__"  # noqa: DJ007
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("duties_en", "duties_ja")}


@admin.register(Recipient)
class RecipientAdmin(RegisterAdmin):
    """A new name, address or contract is a new row of the same code, from its day on; the old one gets an end."""

    form = RecipientForm
    list_display = ["name_ja", "name_en", "code", "role", "valid_from", "valid_until", "attested_on"]
    list_filter = ["role"]
    ordering = ["code", "-valid_from"]
    fixed = ["code"]


@admin.register(Oversight)
class OversightAdmin(RegisterAdmin):
    list_display = ["recipient", "on", "next_on"]
    list_filter = ["recipient"]
    list_select_related = ["recipient"]
    date_hierarchy = "on"
    fixed = ["recipient"]


class TopicForm(forms.ModelForm):
    purpose = forms.ChoiceField(
        label=_("purpose"), choices=[(purpose, purpose.label) for purpose in Purpose if RULES[purpose].by_topic]
    )

    class Meta:
        model = Topic
        fields = "__all__"  # noqa: DJ007


@admin.register(Topic)
class TopicAdmin(RegisterAdmin):
    """People chose a topic as it stands here: what it is about never changes, only its words."""

    form = TopicForm
    list_display = ["name_ja", "name_en", "code", "purpose", "position", "is_offered"]
    list_filter = ["purpose", "is_offered"]
    fixed = ["code", "purpose"]
