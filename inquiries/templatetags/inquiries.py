"""Words of `inquiries` for the templates of mail."""

from django import template

from ..models import Kind

register = template.Library()


@register.filter
def as_kind(code):
    """What an inquiry is about, in words."""
    return Kind(code).label
