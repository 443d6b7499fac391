"""What every page knows of the installation."""

from django.conf import settings
from django.utils.translation import get_language

from privacy import cookies
from tmgportal.public_urls import PAGES


def site(request):
    """SITE_NAME in the language of the page, and how to reach who runs it."""
    return {
        "SITE_NAME": settings.SITE_NAME.get(get_language(), settings.SITE_NAME["en"]),
        "SITE_URL": settings.SITE_URL,
        "DEMONSTRATION": settings.DEMONSTRATION,
        "LANGUAGE_NAMES": {"ja": "日本語", "en": "English"},
    }


def tools(request):
    """The analytics tools that run on this page, and whether to ask about them (components/cookie_banner.html)."""
    return {
        "running_tools": tools_running_on(request),
        "asks_about_tools": may_hold_tools(request) and cookies.is_to_be_asked(request),
    }


def tools_running_on(request):
    """For the tags and for the content security policy alike, so that neither knows of a tool without the other."""
    return cookies.accepted(request) if may_hold_tools(request) else []


def may_hold_tools(request):
    """Whether this is a page for everybody. Addresses and titles of all others could say who somebody is."""
    page = request.resolver_match.view_name if request.resolver_match else None
    return page in PAGES - {"privacy:cookie-settings"}
