"""Where a message goes: an address with the language of its reader, and how a one-off address is kept until used."""

import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Address:
    """An address that belongs to nobody the portal knows yet (unverified), or no longer (a former one)."""

    email: str
    language: str


def seal(address: Address) -> bytes:
    """What a copy of the database shows of a one-off address: nothing."""
    return _fernet().encrypt(json.dumps(asdict(address)).encode())


def unseal(sealed: bytes) -> Address:
    return Address(**json.loads(_fernet().decrypt(bytes(sealed))))


def _fernet() -> MultiFernet:
    """The newest secret seals; those it replaced still open."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("outbox.addresses", "seal", secret=secret, algorithm="sha256").digest() for secret in secrets
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
