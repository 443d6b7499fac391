"""What two people, or two clicks, do in the same moment; for tests with the fixture `committing_db`."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

from django.db import connection

PATIENCE = 10
LOCK = re.compile(r' FOR (NO KEY )?UPDATE( OF "\w+")?')


def at_once(*acts, look_first=False, locks=True):
    """Do `acts` in as many threads in the same moment; returns what each returned or raised.

    `look_first`: nobody writes before everybody has read. With `locks=False`, under which reading locks no row, this is
    the control of such a test: it shows that there is a race to lose.
    """
    begun, looked = (Barrier(len(acts), timeout=PATIENCE) for _meeting in range(2))

    def run(act):
        with ExitStack() as stack:
            stack.callback(connection.close)
            if look_first:
                stack.enter_context(connection.execute_wrapper(_meet_before_writing(looked)))
            if not locks:
                stack.enter_context(connection.execute_wrapper(_without_lock))
            begun.wait()
            try:
                return act()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def names(outcomes):
    """The types of what `at_once` returned, in the order of the alphabet."""
    return sorted(type(outcome).__name__ for outcome in outcomes)


def _meet_before_writing(looked):
    has_written = False

    def meet(execute, sql, params, many, context):
        nonlocal has_written
        if not has_written and sql.startswith(("INSERT", "UPDATE", "DELETE")):
            has_written = True
            looked.wait()
        return execute(sql, params, many, context)

    return meet


def _without_lock(execute, sql, params, many, context):
    return execute(LOCK.sub("", sql), params, many, context)
