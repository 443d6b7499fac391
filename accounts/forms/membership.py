"""Colleagues: inviting, roles, asking to join."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import licences
from ..fields import CanonicalEmail, SingleLineField
from ..models import Role

ROLE_HELP = _("Owners also manage colleagues. Editors change what the business registers and shows. Readers only read.")


class InvitationForm(forms.Form):
    collects = {"email": "accounts.Invitation.email"}

    email = CanonicalEmail(label=_("Email address of your colleague"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role,
        initial=Role.EDITOR,
        help_text=ROLE_HELP,
        error_messages={"required": _("Select a role."), "invalid_choice": _("Select a role.")},
    )
    # Names the invitation before it exists, so that sending the form twice makes one.
    ref = forms.UUIDField(widget=forms.HiddenInput)


class HandOverForm(forms.Form):
    ref = forms.UUIDField(widget=forms.HiddenInput)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role)


class JoinRequestForm(forms.Form):
    """How the operator is found: by the domain of the person's own address, or by a licence number."""

    way = forms.ChoiceField(
        label=_("How shall we find your business?"),
        widget=forms.RadioSelect,
        choices=[
            ("domain", _("By the domain of my email address, which is also in its homepage or contact address")),
            ("licence", _("By its licence number")),
        ],
        initial="domain",
        error_messages={"required": _("Select one of the two."), "invalid_choice": _("Select one of the two.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of licence"),
        choices=lambda: [("", _("Select the kind of licence.")), *licences.choices()],
        required=False,
        error_messages={"invalid_choice": _("Select the kind of licence.")},
    )
    number = SingleLineField(label=_("Licence number"), required=False)

    optional_fields = frozenset()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("way") != "licence":
            return cleaned
        kind = cleaned.get("kind", "")
        try:
            authority = licences.KINDS[kind].default_authority or "-" if kind else ""
            cleaned["licence"] = kind, licences.check(kind, authority, cleaned.get("number", ""))
        except ValidationError as error:
            self.add_error("kind" if error.code == "licence_kind" else "number", error)
        return cleaned
