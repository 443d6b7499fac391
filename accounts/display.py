"""The registered facts in the words of the reader: labels, and values as they are shown on pages and in mail."""

import re

from django.utils.html import escape, format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import countries, licences, places
from .fields import phone_hint, written_homepage, written_phone
from .models import DomesticRegistration, LicenceState, OverseasRegistration, registration_model
from .sides import Side

# A word with kana or kanji in it: 台東区保健所, 第98205号.
JAPANESE_WORD = re.compile(r"([^\s,·]*[々ぁ-ヿ㐀-鿿豈-﫿][^\s,·]*)")


def name_of(operator):
    """The approved name, before the first approval the proposed one, "" if there is none yet."""
    if operator.business_name:
        return operator.business_name
    names = registration_model(operator.side).objects.filter(operator=operator).order_by("-pk")
    return names.values_list("business_name", flat=True).first() or ""


def label_of(name):
    """What the field `name` of either registration is called."""
    model = DomesticRegistration if name in DomesticRegistration.FIELDS else OverseasRegistration
    return capfirst(model._meta.get_field(name).verbose_name)


def written(name, value, *, side=Side.DOMESTIC):
    """The value of the field `name` as text; "" where nothing was answered."""
    if value in ("", None, []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    match name:
        case "prefecture":
            return places.PREFECTURES[value].label()
        case "tokyo_municipality":
            return places.label(value)
        case "country":
            return countries.name(value)
        case "licence_state":
            return str(LicenceState(value).label)
        case "licences":
            return "\n".join(filter(None, map(licence_line, value)))
        case "telephone" | "contact_telephone":
            return written_phone(value, abroad=side == Side.OVERSEAS or get_language() != "ja")
        case "homepage":
            return written_homepage(value)
    return str(value)


def japanese_marked(text, language=None):
    """The text, in `language` or that of the page, as HTML; Japanese words in another say so (WCAG 3.1.2)."""
    if (language or get_language()) == "ja":
        return escape(text)
    parts = enumerate(JAPANESE_WORD.split(text))
    return format_html_join(
        "", "{}", ((format_html('<span lang="ja">{}</span>', part) if i % 2 else part,) for i, part in parts)
    )


def hint(name, value):
    """What whoever gave `value` for the field `name` should know about it, or ""."""
    return phone_hint(value) if name in ("telephone", "contact_telephone") and value else ""


def licence_line(row):
    """One licence as it is written on signs; of an unfinished one, what there is."""
    if row["kind"] and row["authority"] and row["number"]:
        return licences.formatted(row["kind"], row["authority"], row["number"])
    kind = licences.KINDS[row["kind"]].name() if row["kind"] else ""
    return " · ".join(filter(None, [kind, row["authority"], row["number"]]))
