"""What a form says of the personal data that it asks for (R034): made from the declarations, and written once.

A form says with `collects` where its answers go: `{"message": "app.Model.field"}`.
"""

from django.apps import apps

from .declarations import PERSONAL, declaration_of


def personal_inputs(form):
    """The names of the inputs whose answers are declared to be personal data."""
    return [name for name, declaration, field in _collected(form) if declaration.classes[field] in PERSONAL]


def purposes_of(form):
    """What the personal answers of `form` are used for, in the order of the declarations, each once."""
    personal = personal_inputs(form)
    return list(
        dict.fromkeys(
            purpose
            for name, declaration, _field in _collected(form)
            if name in personal
            for purpose in declaration.purposes
        )
    )


def _collected(form):
    for name, place in getattr(form, "collects", {}).items():
        model, _dot, field = place.rpartition(".")
        yield name, declaration_of(apps.get_model(model)), field
