"""Signed checkpoints: how far the ledger went and the hash there, kept where the database's owner does not reach.

The chain shows a change inside; only what was written down elsewhere shows that the end was cut off or written anew.
Each is a note in the layout of C2SP tlog-checkpoint. Its root is the hash of the chain, not of a tree; the line after
it tells when it was made.
"""

import base64
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from . import chain, keys, notes

logger = logging.getLogger(__name__)

SUFFIX = ".checkpoint"
TIME = "time "


class LedgerBroken(Exception):
    """The ledger is not what it was; `faults` says where."""

    def __init__(self, faults):
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Checkpoint:
    head: chain.Head
    made_at: datetime
    name: str


def folder():
    return Path(settings.JOURNAL_DIR) / "checkpoints"


def read(text, name, trusted):
    """The `Checkpoint` in the note `text`. Raises `notes.BadNote`."""
    body, key = notes.opened(text, trusted)
    try:
        origin, size, root, made_at = body.splitlines()
        head = chain.Head(int(size), base64.b64decode(root, validate=True))
        made_at = datetime.fromisoformat(made_at.removeprefix(TIME))
    except ValueError as error:
        raise notes.BadNote("not a checkpoint") from error
    if origin != key.name or not origin.endswith(f"/{keys.LEDGER}"):
        raise notes.BadNote("a checkpoint of another ledger")
    return Checkpoint(head, made_at, name)


def all_of(trusted):
    """(checkpoints, the oldest first; faults in words) of the journal. Raises `OSError` where it cannot be read."""
    found, faults = [], []
    for path in _files():
        try:
            found.append(read(path.read_text(), path.name, trusted))
        except (notes.BadNote, UnicodeDecodeError) as error:
            faults.append(f"checkpoint {path.name}: {error}")
    return sorted(found, key=lambda one: (one.head.size, one.made_at)), faults


def _files():
    # By name, and so by the moment they were made.
    return sorted(path for path in folder().iterdir() if path.suffix == SUFFIX)


def newest():
    """The newest checkpoint, or None: none was ever written, or it cannot be read."""
    try:
        path = _files()[-1]
        return read(path.read_text(), path.name, keys.trusted())
    except (OSError, IndexError, UnicodeDecodeError, notes.BadNote):
        return None


def verify(trusted):
    """Compare the ledger, from its first event on, with itself and with every checkpoint.

    Returns (`chain.Finding`, checkpoints). Raises `OSError` where the journal cannot be read.
    """
    known, faults = all_of(trusted)
    finding = chain.verify(known=[(one.head, one.name) for one in known])
    for fault in faults:
        finding.add(fault)
    return finding, known


def make():
    """Write the next checkpoint, if the ledger is whole since the one before. Returns it, or None for an empty ledger.

    Raises `LedgerBroken`, and then nothing is written: a signature never covers what could not be checked.
    """
    folder().mkdir(parents=True, exist_ok=True)
    known, faults = all_of(keys.trusted())
    after = known[-1].head if known else chain.Head()
    finding = chain.verify(after)
    faults += finding.faults
    if faults:
        logger.error("ledger broken faults=%s", len(faults))
        raise LedgerBroken(faults)
    if not finding.head.size:
        return None
    made_at = timezone.now().astimezone(UTC).replace(microsecond=0)
    checkpoint = Checkpoint(finding.head, made_at, f"{made_at:%Y-%m-%dT%H%M%SZ}{SUFFIX}")
    _write(folder() / checkpoint.name, notes.signed(_body(checkpoint)))
    logger.info("ledger checkpoint made size=%s", checkpoint.head.size)
    return checkpoint


def _body(checkpoint):
    root = base64.b64encode(checkpoint.head.root).decode()
    return f"{keys.name()}\n{checkpoint.head.size}\n{root}\n{TIME}{checkpoint.made_at:%Y-%m-%dT%H:%M:%SZ}\n"


def _write(path, text):
    """Whole or not at all, also when the power fails."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
