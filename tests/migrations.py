"""Is a migration missing for the models as they are? `python -m tests.migrations` compares them without a database."""

import os
import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

OURS = {"outbox", "privacy", "accounts", "directory", "networking", "newsletters", "tmgportal"}


def missing():
    """Yields each change of our models that no migration makes."""
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    for app, migrations in changes.items():
        if app in OURS:
            yield from (f"{app}: {operation.describe()}" for each in migrations for operation in each.operations)


if __name__ == "__main__":
    nowhere = "127.0.0.1:9"
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tmgportal.settings",
        ENV_FILE=os.devnull,
        SECRET_KEY="only-to-compare",
        DATABASE_URL=f"postgres://{nowhere}/portal",
        REDIS_URL=f"redis://{nowhere}/0",
    )
    django.setup()
    sys.exit("\n".join(missing()) or None)
