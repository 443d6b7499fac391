"""What a recipient gets for a purpose: the fields, the minimum among them, and the form (R062, R064)."""

import phonenumbers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from .. import gate
from ..declarations import find, given_for, minimum_for
from ..purposes import Purpose

KEY_OF_ROW = "row"
BUNDLE, SPREADSHEET = "bundle", "spreadsheet"


def purposes():
    """Those of which a minimum is declared: what has none, such as counting, is never handed over."""
    return [purpose for purpose in Purpose if minimum_for(purpose)]


def beyond_minimum(purpose):
    """{name: label in the active language} of what a profile may add to the minimum."""
    least = minimum_for(purpose)
    return {name: label for name, label in fields(purpose).items() if name not in least}


def fields(purpose):
    """{name: label in the active language} of what may be handed out for `purpose`."""
    return {name: _label(place) for name, place in given_for(purpose).items()}


def minimum(profile):
    """The names of the fields of everybody, in order (R064)."""
    least = gate.minimum(profile.purpose, profile.recipient)
    return [name for name in given_for(profile.purpose) if name in least]


def columns(profile):
    """The names of the fields of a hand-over: the minimum first, then what the profile adds."""
    least = minimum(profile)
    more = (name for name in given_for(profile.purpose) if name in profile.fields)
    return least + [name for name in more if name not in least]


def form(profile, at):
    """`BUNDLE`, or `SPREADSHEET` while the exception lasts."""
    return SPREADSHEET if profile.spreadsheet_until and profile.spreadsheet_until > at else BUNDLE


def described(profile):
    """The fields for the manifest: name, words in both languages, and whether nobody can withhold it."""
    least, given, found = minimum(profile), given_for(profile.purpose), []
    for name in columns(profile):
        words = {}
        for language in ("en", "ja"):
            with override(language):
                words[language] = str(_label(given[name]))
        found.append({"name": name, **words, "minimum": name in least})
    return found


def cells(profile, names, values):
    """The values of a row as texts, in the order of `names`; empty where there is none."""
    given = given_for(profile.purpose)
    return [_text(given[name], values.get(name)) for name in names]


def _text(place, value):
    if not value:
        return "" if value is None else str(value)
    if place.endswith("telephone"):
        # International with blanks: a table takes `+81 3-…` for what it is.
        number = phonenumbers.parse(str(value))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _label(place):
    declaration, field = find(place)
    return capfirst(_("reference")) if field == "ref" else declaration.label(field)
