"""Passwords of hand-overs: always generated, so that the cheap key derivation of ZIP does not matter (R061)."""

import base64
import secrets


def new():
    """32 letters of base32: 160 random bits."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def spoken(password):
    """The password in groups of four, as it is shown and read out by telephone."""
    return " ".join(password[start : start + 4] for start in range(0, len(password), 4))
