"""Forms of `accounts`. Those named in `settings.ACCOUNT_FORMS` and `settings.MFA_FORMS` stand in for allauth's."""

from .account import (
    AddAuthenticatorForm,
    AddEmailForm,
    AddPasskeyForm,
    ConfirmEmailCodeForm,
    ConfirmLoginCodeForm,
    ConfirmPasswordResetCodeForm,
    EditPasskeyForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SecondStepAgainForm,
    SecondStepForm,
    SignupForm,
)

__all__ = [
    "AddAuthenticatorForm",
    "AddEmailForm",
    "AddPasskeyForm",
    "ConfirmEmailCodeForm",
    "ConfirmLoginCodeForm",
    "ConfirmPasswordResetCodeForm",
    "EditPasskeyForm",
    "LoginForm",
    "RequestLoginCodeForm",
    "ResetPasswordForm",
    "SecondStepAgainForm",
    "SecondStepForm",
    "SignupForm",
]
