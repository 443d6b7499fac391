"""What every page knows of the installation."""

from django.conf import settings
from django.utils.translation import get_language


def site(request):
    """SITE_NAME in the language of the page, and how to reach who runs it."""
    return {
        "SITE_NAME": settings.SITE_NAME.get(get_language(), settings.SITE_NAME["en"]),
        "SITE_URL": settings.SITE_URL,
        "DEMONSTRATION": settings.DEMONSTRATION,
        "LANGUAGE_NAMES": {"ja": "日本語", "en": "English"},
    }
