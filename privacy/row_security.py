"""Row-level security as migrations write it: for each table and command, who reaches a row (docs/adr/0010).

A condition is SQL; any of those that are listed is enough. What is set is read in a scalar sub-select: once for a
statement, and not for each row. Unset and "" are both nobody.
"""

from django.db import migrations


def _said(name):
    return f"(SELECT NULLIF(current_setting('app.{name}', true), ''))"


PERSON = "(SELECT NULLIF(current_setting('app.person', true), '')::bigint)"
STAFF = f"{_said('duty')} = 'staff'"
PORTAL = f"{_said('duty')} = 'portal'"


def own(column):
    """Rows whose `column` is the key of the person who acts."""
    return f"{column} = {PERSON}"


def for_purpose(purpose, condition):
    """Rows that fulfil `condition`, while the gate reads for `purpose`."""
    return f"({_said('purpose')} = '{purpose}' AND {condition})"


def protect(table, *, select, insert, update, delete):
    """The migration operation that forces row-level security on `table`, also for its owner."""
    checks = {
        "SELECT": f"USING ({_any(select)})",
        "INSERT": f"WITH CHECK ({_any(insert)})",
        "UPDATE": f"USING ({_any(update)}) WITH CHECK ({_any(update)})",
        "DELETE": f"USING ({_any(delete)})",
    }
    forward = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"]
    backward = [f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"]
    for command, check in checks.items():
        forward.append(f"CREATE POLICY may_{command.lower()} ON {table} FOR {command} {check}")
        backward.append(f"DROP POLICY may_{command.lower()} ON {table}")
    return migrations.RunSQL(forward, backward)


def let_read(table, *, before, after):
    """The migration operation that replaces who reads the rows of a protected `table`."""
    statements = (f"ALTER POLICY may_select ON {table} USING ({_any(select)})" for select in (after, before))
    return migrations.RunSQL(*statements)


def _any(conditions):
    return " OR ".join(conditions)
