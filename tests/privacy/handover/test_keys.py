"""Public keys of recipients: registered, compared by telephone, valid for a time (R061)."""

from datetime import timedelta

import pyrage
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.handover import bundle, keys
from privacy.models import AuditEvent, RecipientKey

from .runs import CODE, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.req("R061")]


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


def registered(officer, days=30, **values):
    values = {"public_key": str(pyrage.x25519.Identity.generate().to_public()), "telephone": "-"} | values
    expires_at = timezone.now() + timedelta(days=days)
    return keys.register(RecipientKey(recipient=CODE, expires_at=expires_at, **values), by=officer)


def confirmed(officer, **values):
    key = registered(officer, **values)
    keys.confirm(key, by=officer, fingerprint=bundle.fingerprint(key.public_key).upper(), confirmed_with="見本")
    return fresh(key)


def test_a_key_counts_once_its_fingerprint_was_compared_and_it_is_written_down_with_whom(officer):
    key = registered(officer)
    assert keys.valid(CODE, timezone.now()) is None

    keys.confirm(key, by=officer, fingerprint=bundle.fingerprint(key.public_key), confirmed_with="Hanako")

    key = keys.valid(CODE, timezone.now())
    assert (key.confirmed_by, key.confirmed_with, key.registered_by) == (officer, "Hanako", officer)
    assert list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))[-2:] == [
        "key of a recipient registered",
        "key of a recipient confirmed",
    ]


def test_another_fingerprint_confirms_nothing(officer):
    key = registered(officer)
    with pytest.raises(ValidationError, match="not the fingerprint"):
        keys.confirm(key, by=officer, fingerprint="0" * 32, confirmed_with="-")
    assert fresh(key).confirmed_at is None


def test_a_key_is_confirmed_once(officer):
    key = confirmed(officer)
    with pytest.raises(ValidationError):
        keys.confirm(key, by=officer, fingerprint=bundle.fingerprint(key.public_key), confirmed_with="-")


@pytest.mark.parametrize("text", ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1" + "Q" * 58])
def test_what_is_no_public_key_is_refused(officer, text):
    with pytest.raises(ValidationError, match="no public key"):
        registered(officer, public_key=text)


def test_a_key_that_is_past_its_time_is_refused(officer):
    with pytest.raises(ValidationError, match="past its time"):
        registered(officer, days=-1)


def test_a_revoked_key_and_an_expired_one_seal_nothing(officer):
    key = confirmed(officer)
    assert keys.valid(CODE, key.expires_at - timedelta(seconds=1)) == key
    assert keys.valid(CODE, key.expires_at) is None

    keys.revoke(key, by=officer)
    assert keys.valid(CODE, timezone.now()) is None
    with pytest.raises(ValidationError):
        keys.revoke(key, by=officer)


def test_the_newest_of_several_valid_keys_is_used(officer):
    confirmed(officer)
    newest = confirmed(officer)
    registered(officer)
    assert keys.valid(CODE, timezone.now()) == newest
    assert keys.valid("delegation-company", timezone.now()) is None


def test_a_revoked_key_does_not_come_back_in_capital_letters(officer):
    key = confirmed(officer)
    keys.revoke(key, by=officer)

    with transaction.atomic(), pytest.raises(IntegrityError):
        registered(officer, public_key=key.public_key.upper())
