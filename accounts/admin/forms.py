from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..display import label_of
from ..fields import MultiLineField, SingleLineField
from ..reasons import DeclineReason
from ..sides import Side

NOTE_HELP = _("Sent to the applicant as written; use the applicant's language.")


def note_field():
    return MultiLineField(
        label=_("Note to the applicant"),
        required=False,
        max_length=1000,
        help_text=NOTE_HELP,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ApproveForm(forms.Form):
    tokyo_office_confirmed = forms.TypedChoiceField(
        label=_("Has the business an office in Tokyo?"),
        choices=[("yes", _("Yes, I have seen that it has")), ("no", _("Not confirmed yet"))],
        coerce="yes".__eq__,
        widget=forms.RadioSelect,
        help_text=_("Until it is confirmed, the business neither sees the other side nor is seen by it."),
        error_messages={"required": _("Choose whether the office in Tokyo is confirmed.")},
    )
    licence_checked_source = SingleLineField(
        label=_("Licence checked today against"),
        required=False,
        max_length=200,
        help_text=_("Name the public register, for example the list of the Tokyo Metropolitan Government."),
    )
    note = note_field()

    def __init__(self, *args, registration, answers, **kwargs):
        super().__init__(*args, **kwargs)
        if registration.SIDE == Side.OVERSEAS:
            del self.fields["tokyo_office_confirmed"], self.fields["licence_checked_source"]
        elif not registration.has_tokyo_office:
            del self.fields["tokyo_office_confirmed"]


class RequestChangesForm(forms.Form):
    """One question a field; those left empty are not asked."""

    introduction = _("Write a question beside each field that needs another answer, and leave the others empty.")
    optional_fields = frozenset({"note"})

    note = note_field()

    def __init__(self, *args, registration, answers, **kwargs):
        super().__init__(*args, **kwargs)
        questions = {
            name: SingleLineField(
                label=label_of(name),
                required=False,
                max_length=300,
                # The field's template takes a help text for markup: what an applicant typed is escaped here.
                help_text=format_html(_("Sent: {value}"), value=answers[name].replace("\n", " / ") or "–"),
            )
            for name in registration.FIELDS
        }
        self.fields = {**questions, "note": self.fields["note"]}
        self.registered = list(questions)

    def clean(self):
        cleaned = super().clean()
        cleaned["fields"] = {name: cleaned.pop(name, "") for name in self.registered if cleaned.get(name)}
        if not cleaned["fields"] and not self.errors:
            raise forms.ValidationError(_("Ask about at least one field."))
        return {"fields": cleaned["fields"], "note": cleaned.get("note", "")}


class DeclineForm(forms.Form):
    reasons = forms.MultipleChoiceField(
        label=_("Reasons"),
        choices=DeclineReason,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Said to the applicant in their language."),
        error_messages={"required": _("Choose at least one reason.")},
    )
    note = note_field()

    def __init__(self, *args, registration, answers, **kwargs):
        super().__init__(*args, **kwargs)


class ReasonForm(forms.Form):
    reason = SingleLineField(
        label=_("Reason"), max_length=300, help_text=_("Kept in the audit and not sent. Name no person here.")
    )
