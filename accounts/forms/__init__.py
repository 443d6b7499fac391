"""Forms of `accounts`. Those named in `settings.ACCOUNT_FORMS` and `settings.MFA_FORMS` stand in for allauth's."""

from .account import (
    AddEmailForm,
    AddPasskeyForm,
    EditPasskeyForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)

__all__ = [
    "AddEmailForm",
    "AddPasskeyForm",
    "EditPasskeyForm",
    "LoginForm",
    "RequestLoginCodeForm",
    "ResetPasswordForm",
    "SignupForm",
]
