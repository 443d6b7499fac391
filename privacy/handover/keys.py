"""Public keys of recipients: registered, confirmed by telephone, valid for a time, revoked (R061)."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .. import audit
from ..models import Export, RecipientKey
from . import bundle
from .calling_back import call_back


def valid(recipient, at):
    """The newest key of the recipient that was confirmed and is neither revoked nor past its time, or None."""
    return (
        RecipientKey.objects.filter(
            recipient=recipient, confirmed_at__lte=at, expires_at__gt=at, revoked_at__isnull=True
        )
        .order_by("-pk")
        .first()
    )


def is_valid(key, at):
    return bool(key and key.confirmed_at and not key.revoked_at and key.expires_at > at)


def check(text):
    """The public key in `text` as it is stored. Raises `ValidationError`."""
    key = text.strip()
    try:
        bundle.fingerprint(key)
    except bundle.BadKey as error:
        raise ValidationError(_("This is no public key of age: it begins with age1 and has 62 characters.")) from error
    # Capital letters are the same key: it is unique, and stays revoked, however it is written.
    return key.lower()


@transaction.atomic
def register(key, *, by):
    """Keep a key (not saved yet). Nothing is sealed for it before its fingerprint was compared by telephone."""
    key.public_key = check(key.public_key)
    if key.expires_at <= timezone.now():
        raise ValidationError(_("The key would be past its time already."))
    key.registered_by = by
    key.save()
    audit.record(by, gettext_noop("key of a recipient registered"), key)
    return key


@transaction.atomic
def confirm(key, *, by, fingerprint, confirmed_with):
    """Somebody of the recipient read out the fingerprint, and it is the one of this key."""
    key = RecipientKey.objects.select_for_update().get(pk=key.pk)
    if key.confirmed_at or key.revoked_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    heard = re.sub(r"[^0-9a-f]", "", fingerprint.lower())
    if not constant_time_compare(heard, bundle.fingerprint(key.public_key).replace(" ", "")):
        raise ValidationError(
            _("This is not the fingerprint of the registered key. If you heard it right, the key is not theirs.")
        )
    key.confirmed_by, key.confirmed_at, key.confirmed_with = by, timezone.now(), confirmed_with
    key.save(update_fields=["confirmed_by", "confirmed_at", "confirmed_with"])
    audit.record(by, gettext_noop("key of a recipient confirmed"), key)


@transaction.atomic
def revoke(key, *, by):
    """From now on nothing is sealed for it, and nothing that was sealed for it is given out."""
    key = RecipientKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    audit.record(by, gettext_noop("key of a recipient revoked"), key)
    call_back(Export.objects.filter(key=key).values("pk"), by=by)
