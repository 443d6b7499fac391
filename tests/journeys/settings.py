"""The portal as `manage.py demo` runs it, with folders that a run of the journeys throws away."""

import os
from pathlib import Path

from tmgportal.settings import *  # noqa: F403

_files = Path(os.environ["JOURNEYS_FILES"])
MEDIA_ROOT = _files / "media"
MAILBOX_DIR = _files / "mailbox"
HANDOVER_DIR = _files / "handover"
STATIC_ROOT = _files / "static"
