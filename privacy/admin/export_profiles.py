"""Which fields a recipient gets for a purpose, and in which form (R062)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from .. import audit
from ..handover import profiles
from ..models import ExportProfile
from .gated import GatedAdmin
from .policies import MomentField
from .recipients import NamesRecipient, RecipientFilter, recipients


def field_choices():
    """The fields that may be handed out, by purpose."""
    return [(purpose.label, list(profiles.beyond_minimum(purpose).items())) for purpose in profiles.purposes()]


class ProfileForm(forms.ModelForm):
    recipient = forms.ChoiceField(label=gettext_lazy("recipient"), choices=recipients)
    purpose = forms.ChoiceField(
        label=gettext_lazy("purpose"), choices=lambda: [(one.value, one.label) for one in profiles.purposes()]
    )
    fields = forms.MultipleChoiceField(
        label=gettext_lazy("fields"),
        help_text=gettext_lazy("Besides the minimum, which always goes along. As few as the task needs."),
        choices=field_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    spreadsheet_until = MomentField(
        label=gettext_lazy("as a spreadsheet until"),
        help_text=gettext_lazy(
            "The exception for a desk with office programs only: a spreadsheet with a password, without the key."
        ),
        required=False,
    )

    class Meta:
        model = ExportProfile
        fields = (
            *("recipient", "purpose", "name_en", "name_ja", "fields"),
            *("spreadsheet_until", "spreadsheet_reason"),
        )

    def clean(self):
        values = super().clean()
        if values.get("spreadsheet_until") and not values.get("spreadsheet_reason"):
            self.add_error("spreadsheet_reason", _("The exception needs a reason."))
        return values


@admin.register(ExportProfile)
class ExportProfileAdmin(NamesRecipient, GatedAdmin):
    form = ProfileForm
    list_display = ["name_ja", "name_en", "recipient_name", "purpose", "spreadsheet_until"]
    list_filter = [RecipientFilter]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fieldsets(self, request, obj=None):
        shown = list(ProfileForm.Meta.fields)
        if obj:
            shown = ["recipient_name", *(name for name in shown if name != "recipient"), "minimum"]
        return [(None, {"fields": shown})]

    def get_readonly_fields(self, request, obj=None):
        return ["minimum", "recipient_name", "purpose"] if obj else []

    def log_addition(self, request, row, message):
        audit.record(request.user, gettext_noop("export profile added"), row)

    def log_change(self, request, row, message):
        names = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        audit.record(request.user, gettext_noop("export profile changed"), row, fields=names)

    @admin.display(description=gettext_lazy("minimum, of everybody"))
    def minimum(self, profile):
        words = profiles.fields(profile.purpose)
        return ", ".join(str(words[name]) for name in profiles.minimum(profile))
