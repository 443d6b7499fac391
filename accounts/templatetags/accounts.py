"""Words of `accounts` for templates, also for those of mail."""

from datetime import date

from django import template
from django.utils.translation import gettext

from privacy.templatetags.policies import as_moment

from ..browsers import browser_of
from ..display import japanese_marked, label_of, name_of
from ..reasons import DeclineReason

register = template.Library()


@register.filter
def field_label(name):
    return label_of(name)


@register.filter
def decline_reason(code):
    return DeclineReason(code).label


@register.filter
def called(operator):
    """What the operator is called; before it has a name, that it is one's own."""
    return name_of(operator) or gettext("Your business")


register.filter("browser", browser_of)
register.filter("japanese_marked", japanese_marked)
register.filter(as_moment)


@register.filter
def as_date(iso):
    """The day that a message carries as text."""
    return date.fromisoformat(iso)
