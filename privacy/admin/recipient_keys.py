"""The keys of recipients: registered, and confirmed by telephone (R061)."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..handover import bundle, keys
from ..models import RecipientKey
from .acts import Acts
from .gated import ReadOnlyAdmin
from .policies import MomentField
from .recipients import NamesRecipient, RecipientFilter, recipients


class KeyForm(forms.ModelForm):
    recipient = forms.ChoiceField(label=gettext_lazy("recipient"), choices=recipients)
    expires_at = MomentField(label=gettext_lazy("valid until"))

    class Meta:
        model = RecipientKey
        fields = ("recipient", "public_key", "telephone", "expires_at")
        help_texts = {
            "public_key": gettext_lazy("As the recipient made it: age1…"),
            "telephone": gettext_lazy("From the contract, and not from the message that brought the key."),
        }

    def clean_public_key(self):
        return keys.check(self.cleaned_data["public_key"])

    def clean_expires_at(self):
        if self.cleaned_data["expires_at"] <= timezone.now():
            raise ValidationError(_("The key would be past its time already."))
        return self.cleaned_data["expires_at"]


class ConfirmKeyForm(forms.Form):
    introduction = gettext_lazy(
        "Call the number of the contract and have the fingerprint read out to you. Type what you hear; it is not shown "
        "here, so that nothing is taken for granted."
    )
    fingerprint = forms.CharField(label=gettext_lazy("Fingerprint that you heard"), max_length=100)
    confirmed_with = forms.CharField(label=gettext_lazy("Who read it out"), max_length=100)


@admin.register(RecipientKey)
class RecipientKeyAdmin(NamesRecipient, Acts, ReadOnlyAdmin):
    list_display = ["__str__", "recipient_name", "registered_at", "confirmed_at", "expires_at", "revoked_at"]
    list_filter = [RecipientFilter]
    acts = {
        "confirm": (keys.confirm, gettext_lazy("Confirm the fingerprint")),
        "revoke": (keys.revoke, gettext_lazy("Revoke the key")),
    }
    consequences = {
        "confirm": gettext_lazy(
            "After this hand-overs can be sealed for this key, a rehearsal first. This cannot be undone; a key can "
            "only be revoked."
        ),
        "revoke": gettext_lazy(
            "After this nothing is sealed for this key, and what waits to be fetched with it is called back. This "
            "cannot be undone; the recipient makes a new key."
        ),
    }
    personal_fields = ["registered_by", "confirmed_by"]
    shown = [
        *("recipient_name", "public_key", "fingerprint", "telephone", "registered_by", "registered_at"),
        *("confirmed_by", "confirmed_at", "confirmed_with", "expires_at", "revoked_at"),
    ]

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.fields = self.shown

    def has_add_permission(self, request):
        return request.user.has_perm("privacy.add_recipientkey")

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else KeyForm

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": KeyForm.Meta.fields})]

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def save_model(self, request, key, form, change):
        keys.register(key, by=request.user)

    def log_addition(self, request, row, message):
        """`register` has written it."""

    def acts_on(self, request, key):
        if not request.user.has_perm("privacy.change_recipientkey") or key.revoked_at:
            return []
        return ["revoke"] if key.confirmed_at else ["confirm", "revoke"]

    def act_form(self, act, row, data):
        return (ConfirmKeyForm if act == "confirm" else forms.Form)(data)

    @admin.display(description=gettext_lazy("fingerprint"))
    def fingerprint(self, key):
        if not key.confirmed_at:
            return _("Shown once it was compared by telephone.")
        return format_html('<code translate="no">{}</code>', bundle.fingerprint(key.public_key))
