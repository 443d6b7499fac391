"""Signatures beside sealed files: Ed25519 in the form of OpenSSH, which `ssh-keygen -Y verify` checks (R061).

The form is PROTOCOL.sshsig of OpenSSH: what is signed is the name of the use and the SHA-512 of the file.
"""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# Namespace and signer, so that one name is enough to type.
NAME = "handover@tmgportal"
SUFFIX = ".sig"
_ALGORITHM = b"ssh-ed25519"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


class BadSignature(ValueError):
    """No signature of this file by a key of ours."""


def sign(file):
    """The signature over `file`, opened for reading bytes: text for a file of its own."""
    private = _private()
    signed = _string(_ALGORITHM) + _string(private.sign(_message(file)))
    blob = b"SSHSIG\x00\x00\x00\x01" + b"".join(
        map(_string, [_blob(private.public_key()), NAME.encode(), b"", b"sha512", signed])
    )
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def verify(file, signature):
    """Refuse with `BadSignature` unless `signature` is one over `file` by the key of today or a former one."""
    lines = signature.split()
    try:
        blob = base64.b64decode("".join(lines[3:-3]), validate=True)
    except ValueError as error:
        raise BadSignature from error
    message = _message(file)
    for line in [public_line(), *settings.EXPORT_FORMER_KEYS]:
        public = _public(line)
        head = b"SSHSIG\x00\x00\x00\x01" + b"".join(map(_string, [_blob(public), NAME.encode(), b"", b"sha512"]))
        start = _string(_ALGORITHM)
        rest = blob.removeprefix(head)
        if rest == blob or len(rest) != 4 + len(start) + 4 + 64:
            continue
        try:
            public.verify(rest[-64:], message)
        except InvalidSignature as error:
            raise BadSignature from error
        return
    raise BadSignature


def public_line():
    """The public key of today, as OpenSSH writes it: `ssh-ed25519 …`."""
    return (
        _private()
        .public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        .decode()
    )


def allowed_signers():
    """The file of that name for `ssh-keygen -Y verify`: today's key and the former ones."""
    return "".join(
        f'{NAME} namespaces="{NAME}" {_line(line)}\n' for line in [public_line(), *settings.EXPORT_FORMER_KEYS]
    )


def _message(file):
    digest = hashlib.file_digest(file, "sha512").digest()
    return b"SSHSIG" + b"".join(map(_string, [NAME.encode(), b"", b"sha512", digest]))


def _private():
    try:
        seed = base64.b64decode(settings.EXPORT_SIGNING_KEY, validate=True)
        return Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as error:
        raise ImproperlyConfigured("EXPORT_SIGNING_KEY must be 32 random bytes in base64.") from error


def _public(line):
    """The key in a line of OpenSSH, of which nothing but type and key counts."""
    try:
        public = serialization.load_ssh_public_key(line.encode())
    except ValueError as error:
        raise ImproperlyConfigured(
            "EXPORT_FORMER_KEYS must be lines like “ssh-ed25519 AAAA…”, apart by commas."
        ) from error
    if not isinstance(public, Ed25519PublicKey):
        raise ImproperlyConfigured("EXPORT_FORMER_KEYS must be lines like “ssh-ed25519 AAAA…”, apart by commas.")
    return public


def _line(line):
    return " ".join(line.split()[:2]) if _public(line) else ""


def _blob(public):
    """The key as OpenSSH packs it."""
    return _string(_ALGORITHM) + _string(public.public_bytes_raw())


def _string(value):
    return len(value).to_bytes(4, "big") + value
