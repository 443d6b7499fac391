"""No kind of data has a time that nothing keeps (R110)."""

from django.core.checks import Error, register
from django.db import models

from ..declarations import declared, expiries
from ..retention import Retention, Trigger

# No moment ends them: what the city must prove, and what tells of nobody.
ENDLESS = {Trigger.PROVEN, Trigger.NEVER}


@register
def every_time_is_kept(app_configs, **kwargs):
    known = {(expiry.model, expiry.kind) for expiry in expiries()}
    return [Error(fault, id="privacy.E016") for one in declared() for fault in faults_of(one, known)]


def faults_of(declaration, known):
    """Yields what is wrong; `known`: pairs of a model and a kind of data whose due rows a source finds."""
    label = declaration.model._meta.label
    for kind in declaration.retention:
        is_kept = (declaration.model, kind) in known or declaration.goes_with or kind in declaration.goes_by
        if kind.rule.trigger not in ENDLESS and not is_kept:
            yield f"{label}: nothing ends its rows of the kind {kind}"
    for name in sorted(declaration.goes_with):
        if declaration.model._meta.get_field(name).remote_field.on_delete is not models.CASCADE:
            yield f"{label}: {name} does not take its rows along"
    for kind in sorted(declaration.goes_by.keys() | {kind for model, kind in known if model is declaration.model}):
        if kind not in declaration.retention:
            yield f"{label}: its rows have no time of the kind {Retention(kind)}"
