"""The settings under test: the real ones, with fast passwords, and with folders and servers that a run throws away."""

import os
import tempfile
from pathlib import Path

from tests.nobody import OPTION
from tests.templates import Undefined
from tmgportal.settings import *  # noqa: F403

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
_files = Path(tempfile.mkdtemp(prefix="tmgportal-tests-"))

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = _files / "media"
MAILBOX_DIR = _files / "mailbox"
JOURNAL_DIR = _files / "journal"
HANDOVER_DIR = _files / "handover"
# Other tests' journals say nothing about this test's data; those of serving look themselves.
ERASURES_CHECKED_EVERY = float("inf")
REDIS_URL = f"{REDIS_URL.rpartition('/')[0]}/{_worker}"  # noqa: F405
CELERY_BROKER_URL = REDIS_URL
CACHES["default"]["LOCATION"] = REDIS_URL  # noqa: F405
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
# Or every test client would first list all static files.
WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()  # noqa: F405
# Tests lay out the world as the portal, from which every request departs (privacy.middleware).
DATABASES["default"]["OPTIONS"]["options"] += OPTION  # noqa: F405
# One connection for each thread: the copies of the database come and go.
del DATABASES["default"]["OPTIONS"]["pool"]  # noqa: F405
