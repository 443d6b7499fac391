from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from . import keys


# Only commands that touch the database ask, `migrate` first of all: an installation does not come up without its keys.
@register(Tags.database)
def keys_are_given(databases, **kwargs):
    """The signing key and the former keys are what they should be."""
    if not databases:
        return []
    try:
        keys.trusted()
    except (ImproperlyConfigured, keys.UnreadableKey) as error:
        return [Error(str(error), hint="docs/operations.md tells how to make and keep it.", id="privacy.E010")]
    return []
