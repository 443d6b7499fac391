"""What happens round every request, from the outside inwards."""

import json
import logging
import re
import sys
import time
import uuid

import redis
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, transaction
from django.db.utils import Error as DatabaseError
from django.dispatch import receiver
from django.http import HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from psycopg.errors import ReadOnlySqlTransaction

from privacy import cookies
from tmgportal import health, logs, serving
from tmgportal.context_processors import may_hold_tools, tools_running_on
from tmgportal.kept import kept
from tmgportal.public_urls import PAGES, PUBLIC

logger = logging.getLogger(__name__)

OURS = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action", "manifest-src")


def content_security_policy(tools):
    """Nothing of ours stands in the page itself, so no exception and no nonce is needed; and nothing comes from
    elsewhere but what the `tools` need to which the visitor has agreed."""
    sources = {kind: ["'self'", *(one for tool in tools for one in tool.sources.get(kind, []))] for kind in OURS}
    sources = {"default-src": ["'none'"]} | sources
    sources |= {kind: ["'none'"] for kind in ("object-src", "base-uri", "frame-ancestors")}
    return "; ".join(" ".join([kind, *origins]) for kind, origins in sources.items())


CONTENT_SECURITY_POLICY = content_security_policy([])
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb"))


class RequestLogMiddleware:
    """Name each request, and log its end: what page, by its name, how it went, how long it took; nobody's data."""

    WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        name = given if self.WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        request.name = name
        token = logs.request_id.set(name)
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = name
            view = request.resolver_match.view_name if request.resolver_match else "-"
            took = round((time.monotonic() - started) * 1000)
            logger.info("%s %s %s ms=%s", request.method, view, response.status_code, took)
            return response
        finally:
            logs.request_id.reset(token)


class SecurityHeadersMiddleware:
    """Tell browsers to run nothing but our files, and to keep nothing that was shown to somebody logged in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # A view may be stricter, of a file that somebody sent.
        response.headers.setdefault("Content-Security-Policy", content_security_policy(tools_running_on(request)))
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if cookies.offered() and may_hold_tools(request):
            # The page differs by the answer; what stands between must not hand one visitor's to another.
            patch_vary_headers(response, ["Cookie", "Sec-GPC"])
        has_session = (
            settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        )
        page = request.resolver_match.view_name if request.resolver_match else None
        if has_session or (page and page not in PAGES):
            response["X-Robots-Tag"] = "noindex"
        if has_session and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class HealthMiddleware:
    """Answer the probes before anything that needs a database, a cache or a known host name."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz/live":
            return self._answer({"live": True})
        if request.path == "/healthz/ready":
            return self._answer(health.readiness())
        return self.get_response(request)

    def _answer(self, checks):
        body = json.dumps(checks)
        status = 200 if all(checks.values()) else 503
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(body, content_type="application/json", status=status, headers=headers)


def unavailable(request, retry_after):
    """The answer while nothing can be served, with what was typed."""
    page = render_to_string("503.html", {"kept": kept(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": retry_after, "Cache-Control": "no-store"})


class ServiceUnavailableMiddleware:
    """When the database or the cache is away, say so, ask to come back, and show what was typed so that it is not lost.

    The page is in both languages and needs neither of them.
    """

    RETRY_AFTER = 10
    FAILURES = (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError, redis.ResponseError)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code < 500 or not self._is_outage(getattr(request, "failure", None)):
            return response
        return unavailable(request, self.RETRY_AFTER)

    def _is_outage(self, failure):
        read_only = isinstance(failure, DatabaseError) and isinstance(failure.__cause__, ReadOnlySqlTransaction)
        return read_only or isinstance(failure, self.FAILURES)


class ErasedPeopleMiddleware:
    """No page while somebody who was erased is back in the data, after a restore: see `serving`."""

    RETRY_AFTER = 60

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return unavailable(request, self.RETRY_AFTER) if serving.is_behind() else self.get_response(request)


@receiver(got_request_exception)
def remember_failure(sender, request=None, **kwargs):
    """Django turns an exception into an answer below the middleware that wants to know it."""
    if request is not None:
        request.failure = sys.exception()


class TransactionMiddleware:
    """One transaction round each request: all that it did holds, or nothing.

    Django turns exceptions into answers below us, so the status decides. The body of a streaming response is made
    afterwards, outside of the transaction: it may read, and must not write.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class BadInputMiddleware:
    """Leave out what no text can hold and PostgreSQL refuses: NUL and halves of characters.

    Refuse the methods that no page knows: generic form views would take a PUT for a form without fields.
    """

    IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")
    METHODS = ["GET", "HEAD", "POST"]

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        if self.IMPOSSIBLE.search(request.path_info):
            raise BadRequest("The address holds a character that no text can hold.")
        for name, value in list(request.COOKIES.items()):
            if self.IMPOSSIBLE.search(name + value):
                del request.COOKIES[name]
        request.GET = self._cleaned(request.GET)
        if request.method == "POST":
            request._post = self._cleaned(request.POST)
        return self.get_response(request)

    def _cleaned(self, data):
        if not any(self.IMPOSSIBLE.search(text) for name, values in data.lists() for text in (name, *values)):
            return data
        cleaned = QueryDict(mutable=True, encoding=data.encoding)
        for name, values in data.lists():
            cleaned.setlist(self.IMPOSSIBLE.sub("", name), [self.IMPOSSIBLE.sub("", value) for value in values])
        cleaned._mutable = False
        return cleaned


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Every page asks for a log-in unless `public_urls` names it. The admin asks by itself, for staff."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        match = request.resolver_match
        if request.user.is_authenticated or match.view_name in PUBLIC or match.app_names == ["admin"]:
            return None
        if typed := kept(request):
            context = {"kept": typed, "login_url": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"}
            return render(request, "signed_out.html", context, status=403)
        return self.handle_no_permission(request, view_func)
