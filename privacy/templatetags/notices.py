from django import template

from .. import notices, policies
from ..models import Document

register = template.Library()


@register.inclusion_tag("components/purpose_notice.html")
def purpose_notice(form):
    """What the personal answers of `form` are used for, under which version of the policy; nothing without any."""
    purposes = notices.purposes_of(form)
    return {"purposes": purposes, "version": policies.in_force(Document.PRIVACY) if purposes else None}
