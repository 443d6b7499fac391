"""The sealed bundle: an AES-256 ZIP with a password, inside age for the key of its recipient (R061).

Both the password and the key are needed. The ZIP goes, already encrypted, straight into age: nothing here can write
anything but the sealed form. docs/handover.md describes the format for whoever opens it.
"""

import hashlib
import json
import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pyzipper
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

SUFFIX = ".zip.age"
PARTIAL = ".partial"
MANIFEST = "manifest.json"
LEVEL = 6
A_DAY = 24 * 60 * 60

# Stands in every manifest (R067: no independent right to share).
TERMS = {
    "en": "You may use this only on the city's behalf and for the purpose named here. You have no right of your own to "
    "use it otherwise or to pass it on. Destroy it by the date named here.",
    "ja": "本データは、東京都の委託業務として、ここに記載された目的のためだけに利用できます。"
    "それ以外の目的で利用したり、第三者に提供したりする独自の権利はありません。記載された期日までに廃棄してください。",
}

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class BadKey(ValueError):
    """Not the public key of an age identity (X25519), `age1…`."""


@dataclass(frozen=True)
class Sealed:
    """What was written: its size in bytes, its SHA-256 in hexadecimal, and the manifest inside."""

    size: int
    sha256: str
    manifest: dict


def write(target, files, *, manifest, password, public_key):
    """Write `files` and their manifest into `target`, a binary file, sealed. Returns `Sealed`.

    `files`: pairs of an ASCII name and chunks of bytes, read once and in order. `manifest`: a function that gives a
    dict for JSON, called after the last chunk; the terms, and name, size and SHA-256 of each file are added to it.
    Raises `BadKey`, and whatever goes wrong in the sources and in `target`, which is incomplete then.
    """
    recipient, whole = _recipient(public_key), {}

    def members():
        listed = []
        for name, chunks in files:
            entry = {"name": name, "size": 0, "sha256": hashlib.sha256()}
            yield name, _counted(chunks, entry)
            listed.append(entry | {"sha256": entry["sha256"].hexdigest()})
        whole.update(manifest(), terms=TERMS, files=listed)
        yield MANIFEST, [json.dumps(whole, ensure_ascii=False, indent=1).encode()]

    source, sink = _Source(zipped(members(), password)), _Sink(target)
    try:
        pyrage.encrypt_io(source, sink, [recipient])
    except pyrage.EncryptError:
        _raise_first(source, sink)
        raise
    finally:
        source.chunks.close()
    # age forgets about an error of its last write.
    _raise_first(source, sink)
    return Sealed(sink.size, sink.sha256.hexdigest(), whole)


def _counted(chunks, entry):
    for chunk in chunks:
        entry["size"] += len(chunk)
        entry["sha256"].update(chunk)
        yield chunk


def zipped(members, password):
    """Yields a ZIP under AES-256, which opens with `password`, of `members`: pairs of an ASCII name and chunks."""
    written = _Written()
    with pyzipper.AESZipFile(
        written, "w", pyzipper.ZIP_DEFLATED, compresslevel=LEVEL, encryption=pyzipper.WZ_AES
    ) as zipped:
        zipped.setpassword(password.encode())
        for name, chunks in members:
            with zipped.open(name, "w") as member:
                for chunk in chunks:
                    member.write(chunk)
                    yield from written.taken()
    yield from written.taken()


class _Written:
    """What the ZIP writer wrote since it was last taken."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        pass

    def taken(self):
        parts, self.parts = self.parts, []
        return parts


def _raise_first(source, sink):
    error = source.error or sink.error
    if error:
        raise error


class _Source:
    """The generator `chunks`, as age reads it. It would turn an error into text, so the error is kept here."""

    def __init__(self, chunks):
        self.chunks, self.rest, self.error = chunks, b"", None

    def read(self, size):
        try:
            while not self.rest:
                self.rest = next(self.chunks)
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        part, self.rest = self.rest[:size], self.rest[size:]
        return part


class _Sink:
    """Where age writes: counts, digests, and keeps an error."""

    def __init__(self, target):
        self.target, self.size, self.sha256, self.error = target, 0, hashlib.sha256(), None

    def write(self, data):
        try:
            self.target.write(data)
        except BaseException as error:
            self.error = self.error or error
            raise
        self.size += len(data)
        self.sha256.update(data)
        return len(data)

    def flush(self):
        self.target.flush()


def fingerprint(public_key):
    """What is compared by telephone before a key is used: 32 hexadecimal digits of its SHA-256, in groups of four."""
    digits = hashlib.sha256(str(_recipient(public_key)).encode()).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


def _recipient(public_key):
    text = public_key.strip()
    try:
        recipient = pyrage.x25519.Recipient.from_str(text)
        # A point of low order shares the same secret with everybody.
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(_point(str(recipient))))
    except (pyrage.RecipientError, ValueError) as error:
        raise BadKey(text[:100]) from error
    return recipient


def _point(text):
    """The 32 bytes in a well-formed `age1…`: five bits for each letter, without prefix and checksum."""
    number = 0
    for letter in text[4:-6]:
        number = number << 5 | _BECH32.index(letter)
    # 52 letters hold 260 bits, the last four of which fill up.
    return (number >> 4).to_bytes(32, "big")


@contextmanager
def new_file(path):
    """A file to write, for its owner only, that gets its name when all of it is on the disk, and else is gone.

    Only for what is sealed. A killed process leaves a name ending in `PARTIAL`, which `sweep` removes.
    """
    path = Path(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=PARTIAL, dir=path.parent)
    try:
        with open(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(handle)
        os.replace(partial, path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep(folder, older_than=A_DAY):
    """Remove partial files in `folder` that killed processes left `older_than` seconds ago. Returns how many."""
    left = [path for path in Path(folder).glob(f".*{PARTIAL}") if path.stat().st_mtime < time.time() - older_than]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
