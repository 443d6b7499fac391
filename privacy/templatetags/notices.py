from django import template

from .. import notices, policies
from ..models import Document

register = template.Library()


@register.inclusion_tag("components/purpose_notice.html")
def purpose_notice(form, id=""):
    """What the personal answers of `form` are used for, under which version of the policy; nothing without any.

    Where a page repeats a form, one notice with an `id` serves all that name it with `aria-describedby`.
    """
    purposes = notices.purposes_of(form)
    return {"id": id, "purposes": purposes, "version": policies.in_force(Document.PRIVACY) if purposes else None}
