from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def as_day(iso):
    """The day that a message carries as text."""
    return date_format(date.fromisoformat(iso))
