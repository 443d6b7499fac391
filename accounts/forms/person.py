from django import forms
from django.utils.translation import gettext_lazy as _


class LanguageForm(forms.Form):
    collects = {"language": "privacy.Subject.language"}

    language = forms.ChoiceField(
        label=_("Language of our email to you"),
        widget=forms.RadioSelect,
        choices=[("en", "English"), ("ja", "日本語")],
        error_messages={"required": _("Select a language."), "invalid_choice": _("Select a language.")},
    )


class OperatorForm(forms.Form):
    operator = forms.UUIDField()
