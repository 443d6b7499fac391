"""For whom the database answers. Row-level security asks who acts, as what, and what for (docs/adr/0010).

What nobody has said counts as nobody: no row of a personal table is found, and none can be written. All that is said
here ends with the transaction, so that a pooled connection never carries it to the next request.
"""

from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

# On a page of the admin.
STAFF = "staff"
# Nobody in person: work in the background, commands, and what is looked up before somebody belongs.
PORTAL = "portal"

# Materialised, so that it is read before anything is set.
SAY = """
    WITH before AS MATERIALIZED (
        SELECT coalesce(current_setting('app.person', true), '') AS person,
               coalesce(current_setting('app.duty', true), '') AS duty,
               coalesce(current_setting('app.purpose', true), '') AS purpose
    )
    SELECT person, duty, purpose,
           set_config('app.person', coalesce(%s, person), true),
           set_config('app.duty', coalesce(%s, duty), true),
           set_config('app.purpose', coalesce(%s, purpose), true)
    FROM before
"""


class Said(NamedTuple):
    """What policies read. None leaves it as it is."""

    person: str | None = None
    duty: str | None = None
    purpose: str | None = None


@contextmanager
def acting_as(person=None, duty="", *, to_its_end=False):
    """Act as `person` (a user, or None for nobody), in one of the duties above if any, for no particular purpose.

    Also a decorator. What held before holds again afterwards. Outside of a transaction it makes one. `to_its_end`: the
    transaction, unless it is a part of another one, ends with this, and nothing needs to be brought back.
    """
    is_whole = to_its_end and connection.in_atomic_block and not connection.savepoint_ids
    with _saying(Said(str(getattr(person, "pk", None) or ""), duty, ""), brings_back=not is_whole):
        yield


def take_on(duty):
    """For the rest of the `acting_as` around this, act in this duty too."""
    _say(Said(duty=duty))


@contextmanager
def for_purpose(purpose):
    """Read for one purpose, as whoever acts already. Only the gate says so."""
    with _saying(Said(purpose=str(purpose))):
        yield


@contextmanager
def _saying(said, *, brings_back=True):
    with ExitStack() as stack:
        if not connection.in_atomic_block:
            stack.enter_context(transaction.atomic())
        before = _say(said)
        try:
            yield
        finally:
            if brings_back and _goes_on():
                _say(before)


def _say(said):
    """Returns what was said before."""
    with connection.cursor() as cursor:
        cursor.execute(SAY, said)
        return Said(*cursor.fetchone()[:3])


def _goes_on():
    """Whether the transaction can still be used. Otherwise its end brings back what held before."""
    raw = connection.connection
    is_sound = raw is not None and raw.info.transaction_status == TransactionStatus.INTRANS
    return is_sound and not connection.needs_rollback
