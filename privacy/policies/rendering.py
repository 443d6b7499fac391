"""From Markdown to what a page shows. What data say (recipients, purposes, cookies …) a text only names: a directive,
alone on its line, stands for it, so that a text never contradicts the registers."""

import html
import re
from datetime import timedelta
from functools import lru_cache

import markdown
import nh3
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import override

from .. import cookies
from ..data import rows
from ..models import Document, PolicyVersion, Recipient
from ..purposes import RULES, Purpose
from .versions import in_force

DIRECTIVE = re.compile(r"^\[\[([a-z]+)\]\][ \t]*$", re.MULTILINE)
EXTENSIONS = ["tables", "sane_lists", "attr_list"]
TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "a", "br", "hr", "blockquote", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
# `id`, so that a heading can be linked to: `## Your rights {#rights}`.
ATTRIBUTES = {"a": {"href"}, "h2": {"id"}, "h3": {"id"}, "ol": {"start"}}
LINK_AWAY = re.compile(r'<a href="(https?://[^"]+)">(.*?)</a>', re.DOTALL)


def rendered(text):
    """A `PolicyText` as safe HTML, with what the registers say of its version."""
    parts = []
    with override(text.language):
        for kind, content in pieces(text.body):
            if kind == "directive":
                parts.append(render_to_string(f"privacy/policies/_{content}.html", DIRECTIVES[content](text)))
            else:
                parts.append(as_html(content))
    return mark_safe("".join(parts))  # noqa: S308 cleaned by `as_html`


def pieces(body):
    """[("markdown", text) | ("directive", name)] in the order of the text. Names that stand for nothing stay text."""
    found, end = [], 0
    for match in DIRECTIVE.finditer(body):
        if match[1] in DIRECTIVES:
            found += [("markdown", body[end : match.start()]), ("directive", match[1])]
            end = match.end()
    return [*found, ("markdown", body[end:])]


def unknown_directives(body):
    return [name for name in DIRECTIVE.findall(body) if name not in DIRECTIVES]


def as_html(text):
    """Markdown as HTML of which nothing but `TAGS` is left. Links to other sites are marked as such (R114)."""
    return LINK_AWAY.sub(lambda link: _marked(*link.groups()), _cleaned(text))


def as_text(text):
    """One paragraph of Markdown without its marks, for comparing."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", _cleaned(text))).split())


@lru_cache(maxsize=512)
def _cleaned(text):
    made = markdown.markdown(text, extensions=EXTENSIONS)
    return nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"})


def _marked(url, text):
    return render_to_string("components/external_link.html", {"url": mark_safe(url), "text": mark_safe(text)})  # noqa: S308


def stated_in(version):
    """(purposes, codes of recipients, moment) that the registers are asked for: those that `version` states, and of
    another document than the privacy policy those that the privacy policy stated at that moment."""
    moment = _moment_of(version)
    if version.document != Document.PRIVACY:
        version = in_force(Document.PRIVACY, moment) or in_force(Document.PRIVACY)
    return version.purposes, version.recipients, moment


def _moment_of(version):
    """Now, while it is in force; the day it begins, before; its last moment, afterwards."""
    now, starts = timezone.now(), version.effective_at or timezone.now()
    following = PolicyVersion.objects.filter(document=version.document, number__gt=version.number).in_force(now).first()
    return following.effective_at - timedelta(microseconds=1) if following else max(now, starts)


def _recipients(text):
    _purposes, codes, moment = stated_in(text.version)
    recipients = Recipient.objects.current(moment).filter(code__in=codes)
    return {
        "recipients": [
            {
                "name": recipient.name(text.language),
                "address": recipient.address(text.language),
                "role": recipient.get_role_display(),
                "duties": recipient.duties(text.language),
                "purposes": [Purpose(purpose).label for purpose in recipient.purposes],
            }
            for recipient in recipients
        ]
    }


def _purposes(text):
    purposes, _codes, _moment = stated_in(text.version)
    stated = [purpose for purpose in Purpose if purpose in purposes]
    return {"purposes": [{"label": purpose.label, "rule": RULES[purpose]} for purpose in stated]}


def contact(text=None):
    """Where the unit that looks after the data is reached, the same in every text."""
    return {
        "email": settings.SECRETARIAT_EMAIL.replace("@", " (at) "),
        "telephone": settings.SECRETARIAT_TELEPHONE,
    }


def _site(text):
    return {"url": settings.SITE_URL, "name": settings.SITE_NAME[text.language]}


def _authorities(text):
    return {"authorities": [(row[f"name_{text.language}"], row["url"]) for row in rows("authorities.csv")]}


def _from_the_cookie_registry(text):
    return cookies.for_page()


# What a directive stands for: templates/privacy/policies/_NAME.html with this context.
DIRECTIVES = {
    "recipients": _recipients,
    "purposes": _purposes,
    "contact": contact,
    "controller": contact,
    "site": _site,
    "authorities": _authorities,
    "cookies": _from_the_cookie_registry,
    "external": _from_the_cookie_registry,
    "browsers": _from_the_cookie_registry,
    "analytics": _from_the_cookie_registry,
}
