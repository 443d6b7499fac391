import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import MultiLineField


class IntroductionForm(forms.Form):
    collects = {"text": "networking.Introduction.text"}

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = MultiLineField(
        label=_("Your message"),
        max_length=1500,
        help_text=_("Say who you are, what you would like to do together, and when. Up to 1,500 characters."),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Enter your message")},
    )


class ReportForm(forms.Form):
    collects = {"reason": "networking.Introduction.report_reason"}

    reason = MultiLineField(
        label=_("What is wrong with it?"),
        max_length=500,
        help_text=_("The secretariat reads this and the message; the sender does not learn who reported it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what is wrong with it")},
    )
