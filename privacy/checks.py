"""Nothing is stored that is not declared (R035): the system does not start with a field that nobody classified."""

from django.apps import apps
from django.core.checks import Error, register

from .declarations import DataClass, declaration_of, handed_out, may_be_used


@register
def everything_is_declared(app_configs, **kwargs):
    """Every field of every model of every installed app, tables that Django made for relations included."""
    return [
        Error(f"{model._meta.label}: {fault}", id=number)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        for number, fault in faults_of(model, declaration_of(model))
    ]


@register
def only_what_is_declared_is_handed_out(app_configs, **kwargs):
    """The gate gives nothing for a purpose that the field does not have."""
    return [
        Error(f"{place} is not declared for {purpose}", id="privacy.E015")
        for place, purpose in handed_out()
        if not may_be_used(place, purpose)
    ]


def faults_of(model, declaration):
    """Yields (id of the check, what is wrong) of one model."""
    fields = {field.name for field in model._meta.concrete_fields}
    if declaration is None:
        yield "privacy.E010", "no personal_data.py declares it"
        return
    for name in sorted(fields - declaration.classes.keys()):
        yield "privacy.E011", f"{name} is in no class"
    named = declaration.classes.keys() | declaration.provided | declaration.never_shown | declaration.of_others
    for name in sorted((named | declaration.purposes_by_field.keys()) - fields):
        yield "privacy.E012", f"{name} is declared and does not exist"
    for name in declaration.personal:
        if not declaration.purposes_by_field[name]:
            yield "privacy.E013", f"{name} is personal and has no purpose"
    for name in sorted(declaration.provided & {*declaration.of_class(DataClass.NOT_PERSONAL)}):
        yield "privacy.E014", f"{name} is provided by a person and yet not personal"
