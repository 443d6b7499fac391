"""allauth's forms with the one canonical e-mail field, and sign-up with what has to be agreed to."""

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as second_step_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.models import Document

from .. import statements
from ..fields import CanonicalEmail
from ..normalise import half_width
from ..services.people import forget_unverified_signup

NAME_OF_A_PASSKEY = {"name": "mfa.Authenticator.data"}


class CanonicalEmailMixin:
    """Puts the canonical field in the place of allauth's, which lets one address in under two spellings."""

    email_name = "email"
    # Of an account that is there already, it is told at the sign-up what else its address is used for.
    goes_to = "account.EmailAddress.email"

    @property
    def collects(self):
        return {self.email_name: self.goes_to}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[self.email_name] = CanonicalEmail(label=gettext_lazy("Email address"))
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignupForm(CanonicalEmailMixin, allauth_forms.SignupForm):
    goes_to = "accounts.User.email"
    statement = statements.AGE
    terms = forms.BooleanField(
        label=statements.TERMS,
        error_messages={"required": gettext_lazy("Agree to the terms of use to register.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "We send a code to this address. You sign in with it, and what you do here belongs to your account."
        )
        self.fields["terms"].help_text = format_html(
            '<a href="{}">{}</a>', reverse("privacy:policy", args=[Document.TERMS]), _("Terms of use")
        )
        self.order_fields(["email", "password1", "terms"])

    def try_save(self, request):
        """Who never typed the code has shown nothing, so the newest sign-up with an address counts; of two at once, the
        second (a double click)."""
        if self.account_already_exists:
            self.account_already_exists = not forget_unverified_signup(self.cleaned_data["email"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = not forget_unverified_signup(self.cleaned_data["email"])
            return super().try_save(request)


class LoginForm(CanonicalEmailMixin, allauth_forms.LoginForm):
    email_name = "login"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].help_text = _("What you do here once you are signed in belongs to your account.")


class ResetPasswordForm(CanonicalEmailMixin, allauth_forms.ResetPasswordForm):
    pass


class RequestLoginCodeForm(CanonicalEmailMixin, allauth_forms.RequestLoginCodeForm):
    pass


class AddEmailForm(CanonicalEmailMixin, allauth_forms.AddEmailForm):
    goes_to = "accounts.User.email"


class TypedCodeMixin:
    """Takes a code in any width: a Japanese keyboard may type it full-width."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)

    def clean_code(self):
        self.cleaned_data["code"] = half_width(self.cleaned_data["code"])
        return super().clean_code()


class ConfirmEmailCodeForm(TypedCodeMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmLoginCodeForm(TypedCodeMixin, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmPasswordResetCodeForm(TypedCodeMixin, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class SecondStepForm(TypedCodeMixin, second_step_forms.AuthenticateForm):
    pass


class SecondStepAgainForm(TypedCodeMixin, second_step_forms.ReauthenticateForm):
    pass


class AddAuthenticatorForm(TypedCodeMixin, totp_forms.ActivateTOTPForm):
    pass


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    """In the portal's words, and for what its pages promise: a passkey stands for the password, unless one says no."""

    collects = NAME_OF_A_PASSKEY

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = _("Use it instead of my password")
        passwordless.help_text = _(
            "Your device then asks for your fingerprint, face or PIN. Otherwise it is a second step after the password."
        )


class EditPasskeyForm(passkey_forms.EditWebAuthnForm):
    collects = NAME_OF_A_PASSKEY

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
