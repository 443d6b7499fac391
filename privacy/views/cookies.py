"""What is kept in the browser and sent elsewhere, and the choice about it (R129-R134)."""

from datetime import date

from allauth.core.internal.ratelimit import consume
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from .. import cookies

# Each new answer is a row of the ledger, and anybody may answer.
LIMITS = {"decide": "600/h/ip"}
CHOICES = {"accept", "refuse"}
ATTRIBUTES = {"secure": True, "httponly": True, "samesite": "Lax"}
# Since when this website does what Global Privacy Control asks.
GPC_SINCE = date(2026, 11, 25)


@method_decorator(csrf_exempt, name="dispatch")
class CookieSettingsView(TemplateView):
    """The list and the controls. The banner on other pages sends its answer here, too, and is led back.

    The forms carry no token, because its cookie would then be set by every public page (R129). Instead the browser says
    where the form was: `Sec-Fetch-Site`, and on plain http `Origin`; no page can forge either.
    """

    template_name = "privacy/cookie_settings.html"

    def post(self, request):
        if not came_from_here(request):
            raise PermissionDenied
        if not consume(request, app="privacy", action="decide", config=LIMITS):
            return render(request, "429.html", status=429)
        response = HttpResponseRedirect(self._back(request))
        if not cookies.offered() or request.POST.get("choice") not in CHOICES:
            return response
        wanted = self._wanted(request.POST)
        decision = cookies.decide(request, wanted, control=f"choice={request.POST['choice']}")
        if decision:
            response.set_cookie(cookies.CONSENT_COOKIE, decision.signed(), max_age=cookies.CONSENT_AGE, **ATTRIBUTES)
        for name in cookies.left_behind(request, wanted):
            response.set_cookie(name, max_age=0, **ATTRIBUTES)
        return response

    def _wanted(self, form):
        """The codes of the tools that are to run: the choice is about one `tool`, or about all of them."""
        before = cookies.decision_of(self.request)
        kept = before.accepted if before else frozenset()
        chosen = {form["tool"]} if "tool" in form else {tool.code for tool in cookies.offered()}
        return kept | chosen if form["choice"] == "accept" else kept - chosen

    def _back(self, request):
        wanted, here = request.POST.get("next", ""), {request.get_host()}
        is_safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure())
        return wanted if is_safe else reverse("privacy:cookie-settings")

    def get_context_data(self, **kwargs):
        running = cookies.accepted(self.request)
        decision = cookies.decision_of(self.request)
        return super().get_context_data(
            **kwargs,
            **cookies.for_page(),
            is_refused_by_signal=cookies.refused_by_signal(self.request),
            choices=[(tool, tool in running, decision is not None) for tool in cookies.offered()],
        )


def came_from_here(request):
    """Whether a page of this website sent the form, as the browser says."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


@cache_control(public=True, max_age=3600)
def gpc(request):
    """That Global Privacy Control is obeyed, where its specification looks for that."""
    return JsonResponse({"gpc": True, "lastUpdate": GPC_SINCE.isoformat()})
