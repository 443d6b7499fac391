"""What stands for a text: SHA-256 over its canonical bytes, the same on every system."""

import hashlib
import unicodedata


def canonical(text):
    """The bytes that are hashed: Unicode NFC, lines ended by LF, no blanks at the ends, UTF-8."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return lines.strip().encode()


def of_text(text):
    """Hexadecimal fingerprint of one text."""
    return hashlib.sha256(canonical(text)).hexdigest()


def of_version(texts):
    """Hexadecimal fingerprint of a version from {language: fingerprint of its text}."""
    return hashlib.sha256("\n".join(f"{language} {texts[language]}" for language in sorted(texts)).encode()).hexdigest()
