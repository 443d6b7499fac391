"""How allauth is tied to the portal: its mail goes through the outbox, its people have a `Subject`."""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.hashers import make_password
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import get_language

import outbox
from outbox import sealing
from privacy.purposes import Purpose

# What a text may show; the rest of allauth's context are objects, and addresses built from the Host header.
SHOWN = {"code", "timestamp", "deleted_email", "from_email", "to_email"}
VALID_FOR = {
    "email_confirmation": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    "email_confirmation_signup": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    "login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
    "password_reset_code": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
}


class AccountAdapter(DefaultAccountAdapter):
    def get_login_redirect_url(self, request):
        """Who acts for nobody yet is led to what there is to do."""
        if request.user.is_staff or request.user.memberships.exists():
            return super().get_login_redirect_url(request)
        return resolve_url("accounts:registration-start")

    get_signup_redirect_url = get_login_redirect_url

    def _get_login_attempts_cache_key(self, request, **credentials):
        """allauth counts for each Host header, which names any port the sender likes, and so as many limits."""
        return credentials.get("email", "")

    def send_mail(self, template_prefix, email, context):
        """A code, or a word to somebody who typed an address: to that address, in the language of the page."""
        self._post(outbox.Address(email, get_language()), template_prefix, context)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """A change of an account: to the person, or to `email`, the address they had before the change."""
        to = outbox.Address(email, user.language) if email else user
        self._post(to, template_prefix, {"timestamp": timezone.now()} | (context or {}))

    def _post(self, to, template_prefix, context):
        name = template_prefix.rpartition("/")[2]
        minutes = VALID_FOR.get(name, 0) // 60
        shown = {key: value for key, value in context.items() if key in SHOWN}
        if minutes:
            shown["minutes"] = minutes
        outbox.post(
            to,
            Purpose.ACCOUNT,
            f"accounts/emails/{name}",
            expires=timedelta(minutes=minutes) if minutes else None,
            **shown,
        )

    def send_account_already_exists_mail(self, email):
        """Instead of a code, to an address that has an account; it costs as much time as a new account (AU1)."""
        make_password("as long as for a new account")
        self.send_mail("account/email/account_already_exists", email, {})


class MFAAdapter(DefaultMFAAdapter):
    """A copy of the database does not hand out second factors."""

    def encrypt(self, text):
        return sealing.seal("second factor", text)

    def decrypt(self, encrypted_text):
        return sealing.unseal("second factor", encrypted_text)
