"""Pages that belong to no app, and the answers when something goes wrong."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.generic import TemplateView

from privacy.models import Document
from tmgportal.kept import kept

# Address and template of each page of running text; the URL has the same name.
PAGES = ["how-it-works", "about", "accessibility", "contact"]


class HomeView(TemplateView):
    template_name = "tmgportal/home.html"


class PageView(TemplateView):
    """A page of running text: a whole template per language, because such texts are written, not assembled."""

    slug = None

    def get_template_names(self):
        return [f"tmgportal/pages/{self.slug}.{get_language()}.html"]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            email=settings.SECRETARIAT_EMAIL.replace("@", " (at) "),
            telephone=settings.SECRETARIAT_TELEPHONE,
            **kwargs,
        )


@cache_control(public=True, max_age=3600)
def robots(request):
    """What search engines may read: the public pages, never what is behind the log-in."""
    return render(request, "tmgportal/robots.txt", {"languages": settings.LANGUAGES}, content_type="text/plain")


@cache_control(public=True, max_age=3600)
def sitemap(request):
    slugs = ["", *(f"{slug}/" for slug in PAGES), "policies/", *(f"policies/{document}/" for document in Document)]
    context = {"languages": [code for code, name in settings.LANGUAGES], "slugs": slugs}
    return render(request, "tmgportal/sitemap.xml", context, content_type="application/xml")


@cache_control(public=True, max_age=3600)
def security_txt(request):
    """How to report a weakness (RFC 9116). The date moves along, so that the file never expires by neglect."""
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    context = {"email": settings.SECRETARIAT_EMAIL, "expires": expires.isoformat()}
    return render(request, "tmgportal/security.txt", context, content_type="text/plain")


def bad_request(request, exception):
    """A request that cannot be read; where it is only too large, the page says so."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


def csrf_failure(request, reason=""):
    """The form's token is missing or old (`settings.CSRF_FAILURE_VIEW`)."""
    return render(request, "403_csrf.html", {"kept": kept(request)}, status=403)
