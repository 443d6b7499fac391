"""Field encryption: AES-256-GCM under a ring of keys, each value bound to the place where it stands (R151, R155).

A sealed value is: version (1 byte), id of the key (4), nonce (12), ciphertext with its tag. Moved to another row or
column it does not open.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = b"\x01"


class UnknownKey(ValueError):
    """The key that sealed this is not in the ring any more."""


def seal(plain, place):
    """`plain` (bytes), sealed with the newest key for `place`: the names of table, column and row."""
    key_id, key = next(iter(_ring().items()))
    nonce = secrets.token_bytes(12)
    return VERSION + key_id + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(sealed, place):
    """The bytes in `sealed`. Raises `UnknownKey`, and `cryptography.exceptions.InvalidTag` where a byte was altered or
    is missing, or the value was sealed for another place."""
    version, key_id, nonce, ciphertext = sealed[:1], sealed[1:5], sealed[5:17], sealed[17:]
    key = _ring().get(key_id)
    if version != VERSION or key is None:
        raise UnknownKey(key_id.hex())
    if len(nonce) < 12:
        raise InvalidTag
    return AESGCM(key).decrypt(nonce, ciphertext, place.encode())


def newest():
    """The id (4 bytes) of the key that seals."""
    return next(iter(_ring()))


def ids():
    """The ids of all keys of the ring, the newest first."""
    return list(_ring())


def place(row, column):
    """Where a value stands: `row` is a model's instance with a `ref`."""
    return f"{row._meta.label_lower}.{column}:{row.ref}"


def _ring():
    """{id: key}, the newest first."""
    try:
        keys = [base64.b64decode(text, validate=True) for text in settings.FIELD_KEYS]
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_KEYS must be keys of 32 random bytes in base64, apart by commas.") from error
    if not keys or any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured("FIELD_KEYS must be keys of 32 random bytes in base64, apart by commas.")
    return {hashlib.sha256(b"field key" + key).digest()[:4]: key for key in keys}
