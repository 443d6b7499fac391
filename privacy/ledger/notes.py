"""Signed notes (C2SP signed-note): a text, an empty line, and signatures, each a line that names its key."""

import base64
import binascii

from . import keys

DASH = "\u2014 "


class BadNote(ValueError):
    """Not a note, or not signed by a key that is trusted."""


def signed(text):
    """The note of `text`, whose last line is ended, signed with the ledger's key."""
    key = keys.public()
    signature = base64.b64encode(key.id + keys.sign(text.encode())).decode()
    return f"{text}\n{DASH}{key.name} {signature}\n"


def opened(note, trusted):
    """(text, key) of a note that one of the `trusted` keys signed. Raises `BadNote`."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not note.endswith("\n"):
        raise BadNote("not a signed note")
    text += "\n"
    found = [key for line in signatures.splitlines() if (key := _signer(line, text, trusted))]
    if not found:
        raise BadNote("not signed by a trusted key")
    return text, found[0]


def _signer(line, text, trusted):
    """The trusted key whose valid signature stands in `line`; None for the signature of somebody else."""
    if not line.startswith(DASH):
        raise BadNote("not a signed note")
    name, _space, encoded = line.removeprefix(DASH).partition(" ")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise BadNote("a signature is unreadable") from error
    key = keys.find(name, signature[:4], trusted)
    if key and not key.verifies(text.encode(), signature[4:]):
        raise BadNote("changed after it was signed")
    return key
