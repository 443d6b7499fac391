"""Receipts: one event of the ledger as JSON, signed, so that its holder can prove it to anybody (docs/receipts.md).

The file is JSON in three lines, and the second is to the byte what was signed: whoever has openssl needs no JSON tool.
Whoever has one may lay it out anew: what counts is the canonical form (sorted names, no blanks, UTF-8).
"""

import base64
import json
from dataclasses import dataclass
from enum import Enum

from . import keys

FORMAT = "consent-receipt/1"
LARGEST = 32 * 1024


class Verdict(Enum):
    GENUINE = "genuine"
    ALTERED = "altered"
    NOT_OURS = "not ours"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Answer:
    """`receipt` holds the fields of a genuine receipt, and nothing otherwise."""

    verdict: Verdict
    receipt: dict | None = None


def receipt_of(event):
    """The fields of the receipt of a `LedgerEvent` that stands in the chain."""
    return {
        "format": FORMAT,
        "event": str(event.ref),
        "subject": str(event.subject_ref),
        "matter": event.matter,
        "state": event.state,
        "purpose": event.purpose,
        "topic": event.topic,
        "document": event.document,
        "version": event.version,
        "version_hash": event.version_hash,
        "language": event.language,
        "at": event.at.isoformat(),
        "valid_until": event.valid_until and event.valid_until.isoformat(),
        "actor": event.actor,
        "method": event.method,
        "proof": event.proof,
        "position": event.link.seq,
        "chain": bytes(event.link.hash).hex(),
    }


def signed(receipt):
    """The file (bytes) of a receipt."""
    body = canonical(receipt)
    signature = base64.b64encode(keys.sign(body)).decode()
    key = json.dumps(keys.public().reference)
    return b'{"receipt":\n%s\n,"key":%s,"signature":"%s"}\n' % (body, key.encode(), signature.encode())


def canonical(receipt):
    return json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def check(text, trusted=None):
    """The `Answer` about a file that somebody has; of any text, however broken."""
    try:
        receipt, key, signature = _read(text)
    except (ValueError, RecursionError):
        return Answer(Verdict.UNREADABLE)
    if key is None:
        return Answer(Verdict.NOT_OURS)
    known = keys.find(*key, keys.trusted() if trusted is None else trusted)
    if known is None:
        return Answer(Verdict.NOT_OURS)
    if not known.verifies(canonical(receipt), signature):
        return Answer(Verdict.ALTERED)
    return Answer(Verdict.GENUINE, receipt)


def _read(text):
    """(receipt, (name, id) of its key or None, signature). Raises `ValueError` for what is not of this form."""
    if len(text) > LARGEST:
        raise ValueError("too long")
    file = json.loads(text, object_pairs_hook=_without_doubles)
    if not isinstance(file, dict) or not {"receipt", "key", "signature"} <= file.keys():
        raise ValueError("not a receipt")
    receipt, reference, signature = file["receipt"], file["key"], file["signature"]
    if not isinstance(receipt, dict) or not isinstance(reference, str) or not isinstance(signature, str):
        raise ValueError("not a receipt")
    # Neither holds the half of a character, which JSON can spell and nobody can sign.
    canonical(receipt), reference.encode()
    name, _plus, key_id = reference.rpartition("+")
    if receipt.get("format") != FORMAT or len(key_id) != 8:
        return receipt, None, b""
    return receipt, (name, bytes.fromhex(key_id)), base64.b64decode(signature, validate=True)


def _without_doubles(pairs):
    # Two readers could take one of each for the receipt.
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)
