from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect


class SecondFactorMiddleware:
    """Staff without a second factor reach nothing of the admin, only the page where they set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or "admin" not in request.resolver_match.app_names:
            return None
        if request.user.is_authenticated and request.user.is_staff and not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        return None
