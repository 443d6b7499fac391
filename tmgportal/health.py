"""Is the portal able to serve? Each answer is a plain yes or no, so that the page discloses nothing."""

from datetime import timedelta
from functools import cache as remembered

import redis
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from outbox.models import Message
from tmgportal import serving

# A beat is due every ten seconds; three may be lost.
HEARTBEAT_LIFETIME = 40
OUTBOX_MAY_WAIT = timedelta(minutes=5)


def record_heartbeat(part):
    cache.set(f"heartbeat:{part}", timezone.now().isoformat(), HEARTBEAT_LIFETIME)


def readiness():
    """What each part says of itself; a part that does not answer is not ready."""
    checks = {
        "database": _database,
        "migrations": _migrations,
        "outbox": _outbox,
        "cache": _cache,
        # False: `manage.py privacy_replay` is to be run (docs/operations.md).
        "erasures": lambda: not serving.look(),
        "worker": lambda: _heard("worker"),
        "beat": lambda: _heard("beat"),
    }
    return {name: _ask(check) for name, check in checks.items()}


def _ask(check):
    try:
        return check()
    except (DatabaseError, redis.RedisError):
        return False


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


@remembered
def migrations_of_this_code():
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations():
    return migrations_of_this_code() <= set(MigrationRecorder(connection).applied_migrations())


def _outbox():
    return Message.objects.age() < OUTBOX_MAY_WAIT


def _cache():
    cache.set("health", "here", 10)
    return cache.get("health") == "here"


def _heard(part):
    return cache.get(f"heartbeat:{part}") is not None
