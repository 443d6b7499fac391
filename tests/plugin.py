"""The servers of a test run: a PostgreSQL shared by the runs of this checkout, a Valkey for each run.

Every process works in its own copy of one migrated template database. The template is made again only when a migration,
the settings or a dependency changed; the copies belong to the run and go with it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest

from tmgportal import messages, stack

HOME = stack.VAR / "test"
_run = None


def _template_name():
    files = [stack.ROLES, stack.BASE_DIR / "requirements/run.txt", stack.BASE_DIR / "tmgportal/settings.py"]
    for made_from in ("*/migrations/*.py", "*/data/staff_roles.csv", "privacy/data/**/*.*", "privacy/retention.py"):
        files += stack.BASE_DIR.glob(made_from)
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0".encode() + path.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


@contextmanager
def as_owner(**where):
    """A connection that may create and drop databases, and change the tables of the one called `dbname`."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True, **where) as connection:
        yield connection


@contextmanager
def database_copy(name):
    """A database as the migrations leave it, for as long as the context lasts."""
    with as_owner() as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{os.environ["TEST_TEMPLATE"]}"')
    yield name
    with as_owner() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Run:
    """One `pytest` command, with all of its processes."""

    def start(self):
        HOME.mkdir(parents=True, exist_ok=True)
        self.valkey = stack.Valkey(HOME / f"valkey-{os.getpid()}", durable=False)
        self.users = (HOME / "users.lock").open("w")
        self.postgres = None
        os.environ.update(
            SECRET_KEY="only-for-tests",
            LEDGER_SIGNING_KEY=stack.random_seed(),
            EXPORT_SIGNING_KEY=stack.random_seed(),
            FIELD_KEYS=stack.random_seed(),
            BACKUP_KEY=stack.random_identity(),
            ENV_FILE=os.devnull,
            DEMONSTRATION="0",
            SECURE_TRANSPORT="0",
        )
        with stack.locked(HOME / "start.lock"):
            if "DATABASE_URL" not in os.environ:
                self.postgres = stack.Postgres(HOME / "postgres", stack.FAST)
                self.postgres.prepare()
                self.postgres.start()
                owner, app = self.postgres.url("owner"), self.postgres.url("app")
                os.environ.update(DATABASE_URL=app, DATABASE_OWNER_URL=owner)
            if "REDIS_URL" not in os.environ:
                self.valkey.start()
                os.environ["REDIS_URL"] = self.valkey.url
            if self._alone():
                self._remove_leftovers()
            fcntl.flock(self.users, fcntl.LOCK_SH)
            os.environ["TEST_TEMPLATE"] = self._template()

    def stop(self):
        self.valkey.stop()
        shutil.rmtree(self.valkey.home, ignore_errors=True)
        with stack.locked(HOME / "start.lock"):
            fcntl.flock(self.users, fcntl.LOCK_UN)
            if self.postgres and self._alone():
                self.postgres.stop()
            self.users.close()

    def _alone(self):
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _remove_leftovers(self):
        """What runs that were killed left behind."""
        for home in HOME.glob("valkey-*"):
            if home != self.valkey.home:
                stack.Valkey(home, durable=False).stop()
                shutil.rmtree(home, ignore_errors=True)
        with as_owner() as connection:
            names = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^(test|template)_'").fetchall()
            for (name,) in names:
                if name != _template_name():
                    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _template(self):
        name = _template_name()
        with as_owner() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            partial = f"{name}_partial"
            connection.execute(f'DROP DATABASE IF EXISTS "{partial}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{partial}" TEMPLATE portal')
            url = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0] + f"/{partial}"
            environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
            command = [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks", "--verbosity=0"]
            done = subprocess.run(command, cwd=stack.BASE_DIR, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise pytest.UsageError(f"The migrations fail:\n{done.stderr}")
            connection.execute(f'ALTER DATABASE "{partial}" RENAME TO "{name}"')
            return name


# Around pytest-django's own hook, which loads the settings.
@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    global _run
    if "TEST_TEMPLATE" not in os.environ:
        messages.compile_catalogue()
        _run = Run()
        try:
            _run.start()
        except BaseException:
            _run.stop()
            raise
    return (yield)


def pytest_unconfigure():
    if _run:
        _run.stop()
