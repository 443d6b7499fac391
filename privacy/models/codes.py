"""Typed codes: kept as a keyed hash, valid for a time and a few tries."""

import secrets
import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # Neither 0 and O nor 1 and I: people read these aloud.


class TypedCode(models.Model):
    MAX_ATTEMPTS = 5
    LIFETIME = timedelta(minutes=15)

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code_hash = models.CharField(max_length=64, editable=False)
    expires_at = models.DateTimeField(_("valid until"), editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def set_new_code(self):
        """Give this row a fresh code and return it, as `ABCD-EFGH`; only its hash is kept."""
        code = "".join(secrets.choice(ALPHABET) for _letter in range(8))
        self.code_hash = self._hash(code)
        self.expires_at = timezone.now() + self.LIFETIME
        self.attempts = 0
        return f"{code[:4]}-{code[4:]}"

    def _hash(self, code):
        return salted_hmac(f"accounts.{type(self).__name__}.{self.ref}", code, algorithm="sha256").hexdigest()

    @property
    def is_usable(self):
        return self.expires_at > timezone.now() and self.attempts < self.MAX_ATTEMPTS

    def matches(self, typed):
        """Whether `typed` (any case, with or without the hyphen) is this row's code."""
        letters = "".join(typed.split()).replace("-", "").upper()
        return constant_time_compare(self.code_hash, self._hash(letters))
