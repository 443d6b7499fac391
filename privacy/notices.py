"""What a form says of the personal data that it asks for (R034): made from the declarations, and written once.

A form says with `collects` to which place each answer goes: `{"message": "app.Model.field"}`.
"""

from .declarations import PERSONAL, find
from .purposes import RULES, Whose


def personal_inputs(form):
    """The names of the inputs whose answers are declared to be personal data."""
    return [name for name, declaration, field in _collected(form) if declaration.classes[field] in PERSONAL]


def purposes_of(form):
    """What the personal answers of `form` are used for, in the order of the declarations, each once.

    Without the purposes for which staff alone are written to: no form asks staff.
    """
    found = (
        purpose
        for _name, declaration, field in _collected(form)
        if declaration.classes[field] in PERSONAL
        for purpose in declaration.purposes_by_field[field]
    )
    return [purpose for purpose in dict.fromkeys(found) if RULES[purpose].whose != Whose.STAFF]


def _collected(form):
    for name, place in getattr(form, "collects", {}).items():
        yield name, *find(place)
