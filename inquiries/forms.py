import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import CanonicalEmail, MultiLineField, SingleLineField
from accounts.normalise import half_width

from .models import Kind, Relation

MESSAGE_LIMIT = 4000


class LetterForm(forms.Form):
    """What both forms ask. `person` writes with their log-in, from the address of their account."""

    collects = {"name": "inquiries.Inquiry.name", "email": "inquiries.Inquiry.email", "message": "inquiries.Entry.text"}

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        if person:
            # Django then takes this value, whatever is sent.
            self.fields["email"].disabled, self.fields["email"].initial = True, person.email
            self.fields["email"].help_text = _("The address of your account.")

    def letter(self):
        """The answers, without what the form itself carries."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "form_key"}


class InquiryForm(LetterForm):
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    name = SingleLineField(label=_("Your name"), max_length=100, required=False)
    email = CanonicalEmail(
        label=_("Your email address"), help_text=_("We answer to this address."), noun=_("email address")
    )
    number = SingleLineField(
        label=_("Number of an earlier inquiry"),
        max_length=20,
        required=False,
        help_text=_("Only if this goes on with it; for example Q-2026-000123. It was in our mail."),
    )
    message = MultiLineField(
        label=_("Your message"),
        max_length=MESSAGE_LIMIT,
        help_text=_("Never write a password or a code here."),
        widget=forms.Textarea(attrs={"rows": 10}),
        noun=_("message"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["number"].widget.attrs["size"] = 17

    def clean_number(self):
        return half_width(self.cleaned_data["number"]).replace(" ", "").upper()


class ChildReportForm(LetterForm):
    collects = LetterForm.collects | {
        "child_email": "inquiries.ChildCase.child_email",
        "place": "inquiries.ChildCase.place",
    }

    relation = forms.ChoiceField(
        label=_("Who are you?"),
        choices=Relation,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who you are.")},
    )
    name = SingleLineField(label=_("Your name"), max_length=100, required=False)
    email = CanonicalEmail(
        label=_("Your own email address"),
        help_text=_("We send a code to it, and answer to it."),
        noun=_("email address"),
    )
    child_email = CanonicalEmail(
        label=_("Email address of the child"),
        required=False,
        help_text=_("If it was given to us. With it, what belongs to this address is hidden at once."),
    )
    place = SingleLineField(
        label=_("Business or page where you saw the child’s data"),
        max_length=300,
        required=False,
        help_text=_("The address of the page, or the name of the business."),
    )
    message = MultiLineField(
        label=_("What should we know?"),
        max_length=MESSAGE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self):
        cleaned = super().clean()
        names = {"child_email", "place"}
        if not names & set(self.errors) and not any(cleaned.get(name) for name in names):
            self.add_error("child_email", _("Enter the email address of the child, or where you saw the data."))
        return cleaned

    def letter(self):
        return super().letter() | {"kind": Kind.CHILD.value, "number": ""}


class CorrectAddressForm(forms.Form):
    collects = {"email": "inquiries.Unconfirmed.email"}

    email = CanonicalEmail(label=_("Your email address"), noun=_("email address"))
