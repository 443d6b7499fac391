"""The key that signs checkpoints and receipts, and the public halves that others check them with.

A public key is published as PEM, for openssl, and as the line `name+hash+key` of a verifier key (C2SP signed-note).
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LEDGER = "consent-ledger"
ED25519 = b"\x01"


class UnreadableKey(ValueError):
    """What was given is no public Ed25519 key, neither as PEM nor as a verifier key."""


@dataclass(frozen=True)
class PublicKey:
    """The 32 bytes of a public Ed25519 key, under the name that signatures carry."""

    raw: bytes
    name: str

    @cached_property
    def id(self):
        """The four bytes that a signature names its key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    @property
    def reference(self):
        return f"{self.name}+{self.id.hex()}"

    @property
    def verifier_key(self):
        return f"{self.reference}+{base64.b64encode(ED25519 + self.raw).decode()}"

    @cached_property
    def pem(self):
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def verifies(self, message, signature):
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self):
        return Ed25519PublicKey.from_public_bytes(self.raw)


def sign(message):
    """The 64 bytes of the signature over `message` (bytes)."""
    return _private().sign(message)


def public():
    """The public half of the key that signs at present."""
    return PublicKey(_private().public_key().public_bytes_raw(), name())


def name():
    """What signatures are made under: the host of this installation, and which ledger."""
    return f"{urlsplit(settings.SITE_URL).netloc}/{LEDGER}"


def trusted():
    """The present key and the former ones, so that what they signed can still be checked."""
    return [public(), *map(read, settings.LEDGER_FORMER_KEYS)]


def find(name, key_id, among):
    """The key of `among` that signs under `name` as `key_id` (4 bytes), or None.

    The host may have had another name when it signed; the key is the same.
    """
    renamed = (PublicKey(key.raw, name) for key in among)
    return next((key for key in renamed if key.id == key_id), None)


def read(text):
    """The `PublicKey` in `text`, which is PEM or a verifier key. Raises `UnreadableKey`."""
    text = text.strip()
    try:
        if text.startswith("-----BEGIN"):
            return PublicKey(load_pem_public_key(text.encode()).public_bytes_raw(), name())
        key_name, key_id, encoded = text.split("+", 2)
        kind, raw = (decoded := base64.b64decode(encoded, validate=True))[:1], decoded[1:]
        key = PublicKey(raw, key_name)
        is_sound = kind == ED25519 and len(raw) == 32 and key.id.hex() == key_id
    except (ValueError, AttributeError, binascii.Error) as error:
        raise UnreadableKey("neither PEM nor a verifier key") from error
    if not is_sound:
        raise UnreadableKey("a verifier key that does not fit together")
    return key


def _private():
    try:
        seed = base64.b64decode(settings.LEDGER_SIGNING_KEY, validate=True)
        return Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as error:
        raise ImproperlyConfigured("LEDGER_SIGNING_KEY must be 32 random bytes in base64.") from error
