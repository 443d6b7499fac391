"""How policies are named on pages and in mail."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from ..models import Document

register = template.Library()


@register.filter
def document_title(document):
    """`Document.PRIVACY` or "privacy" → "Privacy policy", in the active language."""
    return Document(document).label


@register.filter
def as_moment(iso):
    """The moment that a message carries as text, in Tokyo's time."""
    moment = date_format(localtime(datetime.fromisoformat(iso)), "DATETIME_FORMAT")
    return gettext("%(moment)s JST") % {"moment": moment}
