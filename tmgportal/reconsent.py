"""A version of a policy that asks for consent is asked about on the next page that a person opens (R004)."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from privacy.policies import asking
from tmgportal.public_urls import PUBLIC

# Never locked, whatever waits for an answer: what is for everybody, all about one's own data and rights, writing to the
# secretariat, the log-in and its security. A namespace stands for all of its pages.
RIGHTS = {"privacy", "inquiries"}
SECURITY = ("account_", "mfa_", "usersessions_")
OWN_DETAILS = {"accounts:person"}


class ConsentRequestMiddleware:
    """Leads who is logged in to the question, and afterwards to the page that they wanted. What is sent goes through,
    so that nobody loses what they typed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST" or not request.user.is_authenticated or is_never_locked(request.resolver_match):
            return None
        if not asking.pending_on(request):
            return None
        return redirect(f"{reverse('privacy:consent-request')}?{urlencode({'next': request.get_full_path()})}")


def is_never_locked(match):
    name = match.view_name
    return (
        name in PUBLIC | OWN_DETAILS
        or not RIGHTS.isdisjoint(match.namespaces)
        or (not match.namespaces and name.startswith(SECURITY))
    )
