"""Remembering the language somebody reads in."""

from django.conf import settings
from django.utils.translation import get_language_from_path, get_language_from_request

# On which nothing at all is to be kept of anybody (R111).
WITHOUT_COOKIE = {"accounts:age", "accounts:under-age"}


class LanguageMiddleware:
    """Who opens a page in another language than the browser asks for, gets that language from `/` next time, too.

    The cookie is set only then: whoever reads what the browser asks for anyway needs none.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        chosen = get_language_from_path(request.path_info)
        if request.resolver_match and request.resolver_match.view_name in WITHOUT_COOKIE:
            return response
        if response.status_code == 200 and chosen and chosen != get_language_from_request(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response
