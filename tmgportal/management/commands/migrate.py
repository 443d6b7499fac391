import os
import time

import environ
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

from privacy.acting import PORTAL

WAITS = (1, 2, 4, 8, 16)


class Command(MigrateCommand):
    """Migrate as the role that owns the database, and never make readers wait behind us for more than half a second.

    A statement that waits for a lock makes every later reader wait behind it; so it gives up early and starts again.
    """

    def handle(self, *args, **options):
        self._become_owner(connections[options["database"]])
        for wait in WAITS:
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                self.stderr.write(f"A table is in use; trying again in {wait} s.")
                time.sleep(wait)
        return super().handle(*args, **options)

    def _become_owner(self, connection):
        # A system check may have looked into it as the role that serves.
        connection.close()
        connection.close_pool()
        owner = environ.Env().db("DATABASE_OWNER_URL", default=os.environ["DATABASE_URL"])
        connection.settings_dict.update({name: owner[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        # In the duty of the portal: row-level security binds the owner too, and would hide every row that is to move.
        options = f"-c lock_timeout=500ms -c statement_timeout=300s -c app.duty={PORTAL}"
        connection.settings_dict["OPTIONS"] = {"options": options}
