"""Tags every template has without loading them (settings: `builtins`)."""

import re

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tmgportal.icons import ICONS

register = template.Library()


@register.simple_tag(takes_context=True)
def same_page_in(context, language):
    """The address of this page and query in `language`; the home page where an address has no language."""
    request = context.get("request")
    path = request.get_full_path() if request else "/"
    translated, found = re.subn(r"^/(en|ja)/", f"/{language}/", path)
    return translated if found else f"/{language}/"


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context, url, text, part=None):
    """A link of a navigation. It says when it leads to this page ("page"), or stands for the part of the site whose
    URL names begin with `part` and this page is one of them ("true").
    """
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    is_part = part and match and match.view_name.startswith(part)
    current = "page" if request and request.path == url else "true" if is_part else ""
    return {"url": url, "text": text, "current": current}


@register.inclusion_tag("components/external_link.html")
def external_link(url, text):
    """A link to another site, marked as such (R114): that site's policy applies there, not ours."""
    return {"url": url, "text": text}


@register.inclusion_tag("components/progress.html")
def progress(current, total):
    """The bar of segments over a form of several pages, with the same in words."""
    return {"steps": range(1, total + 1), "current": current, "total": total}


@register.simple_tag
def icon(name):
    """A drawing from `tmgportal.icons` as inline SVG, for decoration beside words."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>', ICONS[name]
    )


@register.simple_tag
def moment(value, style="DATETIME_FORMAT"):
    """A point in time in Tokyo's time, with its zone, for machines too; `style="DATE_FORMAT"` prints the day alone."""
    local = timezone.localtime(value)
    text = date_format(local, style)
    if style == "DATETIME_FORMAT":
        text = _("%(moment)s JST") % {"moment": text}
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.filter
def elided_pages(page):
    """The page numbers to print for a `Page`: the ends, the neighbours, "…" in the gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def page_query(context, number, parameter="page"):
    """The query string of this page with another page number; page 1 has none."""
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    if number != 1:
        query[parameter] = number
    return f"?{query.urlencode()}"
