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
    blob = _packed(private.public_key(), private.sign(_message(file)))
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def verify(file, signature):
    """Refuse with `BadSignature` unless `signature` is one over `file` by the key of today or a former one."""
    try:
        blob = base64.b64decode("".join(signature.splitlines()[1:-1]), validate=True)
    except ValueError as error:
        raise BadSignature from error
    message, signed = _message(file), blob[-64:]
    for line in _lines():
        public = _public(line)
        if blob == _packed(public, signed):
            try:
                public.verify(signed, message)
            except InvalidSignature as error:
                raise BadSignature from error
            return
    raise BadSignature


def public_line(private=""):
    """The public key of today as OpenSSH writes it, `ssh-ed25519 …`; or of another `private` key."""
    public = _private(private).public_key()
    return public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def allowed_signers(present="", former=None):
    """The file of that name for `ssh-keygen -Y verify`: today's key and the former ones, or those that are named."""
    return "".join(f'{NAME} namespaces="{NAME}" {line}\n' for line in _lines(present, former))


def _lines(present="", former=None):
    """Type and key of today's key and of the former ones, without comments."""
    former = settings.EXPORT_FORMER_KEYS if former is None else former
    lines = [present or public_line(), *(" ".join(line.split()[:2]) for line in former)]
    for line in lines:
        _public(line)
    return lines


def _packed(public, signed):
    """The signature as OpenSSH packs it, of which the last 64 bytes are `signed`."""
    parts = [_blob(public), NAME.encode(), b"", b"sha512", _string(_ALGORITHM) + _string(signed)]
    return b"SSHSIG\x00\x00\x00\x01" + b"".join(map(_string, parts))


def _message(file):
    digest = hashlib.file_digest(file, "sha512").digest()
    return b"SSHSIG" + b"".join(map(_string, [NAME.encode(), b"", b"sha512", digest]))


def _private(text=""):
    try:
        seed = base64.b64decode(text or settings.EXPORT_SIGNING_KEY, validate=True)
        return Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as error:
        raise ImproperlyConfigured("EXPORT_SIGNING_KEY must be 32 random bytes in base64.") from error


def _public(line):
    """The key in a line of OpenSSH."""
    try:
        public = serialization.load_ssh_public_key(line.encode())
    except ValueError as error:
        raise ImproperlyConfigured(
            "EXPORT_FORMER_KEYS must be lines like “ssh-ed25519 AAAA…”, apart by commas."
        ) from error
    if not isinstance(public, Ed25519PublicKey):
        raise ImproperlyConfigured("EXPORT_FORMER_KEYS must be lines like “ssh-ed25519 AAAA…”, apart by commas.")
    return public


def _blob(public):
    """The key as OpenSSH packs it."""
    return _string(_ALGORITHM) + _string(public.public_bytes_raw())


def _string(value):
    return len(value).to_bytes(4, "big") + value
