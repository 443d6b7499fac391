"""Without the duty in which tests lay out the world (tests.settings)."""

from contextlib import contextmanager

from django.db import connection

DUTY = "portal"
OPTION = f" -c app.duty={DUTY}"


@contextmanager
def nobody():
    """What runs inside is where a process outside of tests begins: nobody acts, on this connection and on new ones."""
    options = connection.settings_dict["OPTIONS"]
    options["options"] = options["options"].replace(OPTION, "")
    _begin_with("")
    try:
        yield
    finally:
        options["options"] += OPTION
        _begin_with(DUTY)


def _begin_with(duty):
    raw = connection.connection
    if raw is not None and not raw.closed and not connection.needs_rollback:
        raw.execute("SELECT set_config('app.duty', %s, false)", [duty])
