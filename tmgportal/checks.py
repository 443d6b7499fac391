from django.core.checks import Tags, Warning, register
from django.db import Error as DatabaseError

from tmgportal import serving


@register(Tags.database)
def no_erased_person_is_back(app_configs, databases, **kwargs):
    """`manage.py migrate` and `manage.py check --database default` say what is to be done after a restore (R110)."""
    try:
        is_behind = bool(databases) and serving.look()
    except DatabaseError:
        return []  # Not there yet, or without its tables.
    if not is_behind:
        return []
    said = "The journal of erasures is ahead of this database: the portal does not serve."
    return [Warning(said, hint=f"Run: {serving.REPLAY}", id="tmgportal.W001")]
