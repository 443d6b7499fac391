"""What was erased, written where a restored backup does not reach: an erasure must not be undone by a disaster (R110).

One line of JSON for each erasure, on disk before the transaction commits. Each holds the hash of the line before it, so
that a line that was altered or taken out is found. A last line without its end was cut short by a crash, before any
commit: it counts as not written.
"""

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from ..acting import PORTAL, acting_as
from ..models import Erasure, Subject

BEGINNING = "0" * 64


class JournalBroken(Exception):
    """The journal is not what was written; `args[0]` is the number of the first bad line."""


@dataclass(frozen=True)
class Entry:
    """`erasure` and `subject` are references; nothing here tells who it was."""

    erasure: UUID
    subject: UUID
    reason: str
    at: datetime


class Head(NamedTuple):
    """How far the journal has come: how many entries, and the hash of the last one's line."""

    entries: int
    last: str


def path():
    return Path(settings.JOURNAL_DIR) / "erasures" / "journal.jsonl"


def begin():
    """Make an empty journal where there is none, once for each database (a migration): from then on a missing file is a
    lost one."""
    with _locked():
        pass


@acting_as(duty=PORTAL)
def write_known():
    """Where the journal is lost: write down again each erasure that the database knows as done. Returns how many."""
    begin()
    written = {entry.erasure for entry in read()}
    known = Erasure.objects.filter(done_at__isnull=False).select_related("subject").order_by("done_at")
    missing = [erasure for erasure in known if erasure.ref not in written]
    for erasure in missing:
        append(erasure)
    return len(missing)


def append(erasure):
    """Write the erasure down, for good. Returns once it is on the disk. Raises `OSError` where it cannot be."""
    with _locked() as file:
        whole = _whole_lines(file)
        # What a crash cut short.
        file.truncate(sum(len(line) + 1 for line in whole))
        file.seek(0, os.SEEK_END)
        entry = {
            "erasure": str(erasure.ref),
            "subject": str(erasure.subject.ref),
            "reason": erasure.reason,
            "at": timezone.now().isoformat(),
            "before": _hash(whole[-1]) if whole else BEGINNING,
        }
        file.write(json.dumps(entry).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read():
    """Every `Entry`, the oldest first. Raises `JournalBroken`."""
    return list(_entries(_lines()))


def head():
    """The `Head` of today. Raises `JournalBroken`."""
    lines = _lines()
    return Head(len(list(_entries(lines))), _hash(lines[-1]) if lines else BEGINNING)


def reaches(head):
    """Whether this is the journal that once had that `Head`, whole up to there. Raises `JournalBroken`."""
    lines = _lines()
    hashes = [BEGINNING, *map(_hash, lines)]
    return head.entries <= len(list(_entries(lines))) and hashes[head.entries] == head.last


def holds(ref):
    """Whether the erasure of that reference was written down."""
    return any(entry.erasure == ref for entry in read())


def ahead():
    """Entries of people whom this database holds, and holds as not erased: it is older than the journal."""
    entries = {entry.subject: entry for entry in read()}
    held = Subject.objects.filter(ref__in=entries, erased_at=None).order_by("pk").values_list("ref", flat=True)
    return [entries[ref] for ref in held]


@contextmanager
def _locked():
    folder = path().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path().exists()
    with path().open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    if is_new:
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _lines():
    if not path().exists():
        return []
    with path().open("rb") as file:
        return _whole_lines(file)


def _whole_lines(file):
    file.seek(0)
    return file.read().split(b"\n")[:-1]


def _entries(lines):
    before = BEGINNING
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            entry = Entry(
                UUID(said["erasure"]), UUID(said["subject"]), said["reason"], datetime.fromisoformat(said["at"])
            )
            is_next = said["before"] == before
        except (ValueError, KeyError, TypeError) as error:
            raise JournalBroken(number) from error
        if not is_next:
            raise JournalBroken(number)
        before = _hash(line)
        yield entry


def _hash(line):
    return hashlib.sha256(line).hexdigest()
