"""Forms of `accounts`. Those named in `settings.ACCOUNT_FORMS` stand in for allauth's."""

from .account import AddEmailForm, LoginForm, RequestLoginCodeForm, ResetPasswordForm, SignupForm

__all__ = ["AddEmailForm", "LoginForm", "RequestLoginCodeForm", "ResetPasswordForm", "SignupForm"]
