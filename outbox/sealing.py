"""Short texts that a copy of the database must not show: addresses that wait, second factors."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(use: str, text: str) -> str:
    """`text`, readable again only with the secret key and for the same `use`."""
    return _fernet(use).encrypt(text.encode()).decode()


def unseal(use: str, sealed: str) -> str:
    """Raises `cryptography.fernet.InvalidToken` for what was sealed with another key or for another use."""
    return _fernet(use).decrypt(sealed.encode()).decode()


def _fernet(use: str) -> MultiFernet:
    """The newest secret key seals; those it replaced still open."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("outbox.sealing", use, secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
