import time

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.translation import gettext as _

# What the log-in asks for. Recovery codes stand in for one of them, and are none of their own.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffSessionMiddleware:
    """The sessions of staff end when nothing is done for a while, and after a working day at the latest (AU11)."""

    NOTED_EVERY = 60  # seconds: a write on each page view would be one too many

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.is_staff:
            self._note(request, time.time())
        return self.get_response(request)

    def _note(self, request, now):
        began, seen = request.session.get("staff_session", (now, 0))
        if now - began > settings.STAFF_SESSION_SECONDS or (seen and now - seen > settings.STAFF_IDLE_SECONDS):
            logout(request)
        elif now - seen > self.NOTED_EVERY:
            request.session["staff_session"] = (began, now)


class SecondFactorMiddleware:
    """Staff without a second factor reach no page of an app, the admin least of all: only the public ones and those on
    which they set one up, which have no namespace (AU7)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or not request.resolver_match.namespaces:
            return None
        if request.user.is_authenticated and request.user.is_staff and not is_mfa_enabled(request.user, SECOND_FACTORS):
            messages.warning(request, _("Set up a second factor first; then the staff’s pages open."))
            return redirect("mfa_index")
        return None
