"""A sealed value opens in its place with its key, whole; and keys change while the portal serves (R151, R155)."""

import threading
from io import StringIO

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from privacy import encryption, rotation
from privacy.acting import PORTAL, acting_as
from privacy.models import Export, Package, Request, SealedPaper
from tests.factories import SubjectFactory
from tmgportal.stack import random_seed

REFUSED = (InvalidTag, encryption.UnknownKey)
PLACE = "privacy.sealedpaper.content:1"


@pytest.mark.req("R151", "R155")
@given(plain=st.binary(max_size=100), data=st.data())
def test_an_altered_or_missing_byte_at_any_position_is_refused(plain, data):
    sealed = encryption.seal(plain, PLACE)
    assert encryption.unseal(sealed, PLACE) == plain

    position = data.draw(st.integers(0, len(sealed) - 1))
    flip = data.draw(st.integers(1, 255))
    with pytest.raises(REFUSED):
        encryption.unseal(sealed[:position] + bytes([sealed[position] ^ flip]) + sealed[position + 1 :], PLACE)
    with pytest.raises(REFUSED):
        encryption.unseal(sealed[:position] + sealed[position + 1 :], PLACE)
    with pytest.raises(REFUSED):
        encryption.unseal(sealed + bytes([flip]), PLACE)
    for length in (0, 1, 5, 17, 20):
        with pytest.raises(REFUSED):
            encryption.unseal(sealed[: min(length, len(sealed) - 1)], PLACE)


@pytest.mark.req("R151", "R155")
@given(plain=st.binary(min_size=8, max_size=100), place=st.text(max_size=50))
def test_in_another_place_nothing_opens_and_nothing_shows(plain, place):
    sealed = encryption.seal(plain, PLACE)

    assert plain not in sealed
    assert sealed != encryption.seal(plain, PLACE)
    if place != PLACE:
        with pytest.raises(InvalidTag):
            encryption.unseal(sealed, place)


@pytest.mark.req("R151")
def test_an_unknown_key_is_told_from_an_altered_value(settings):
    sealed = encryption.seal(b"plain", PLACE)
    settings.FIELD_KEYS = [random_seed()]

    with pytest.raises(encryption.UnknownKey):
        encryption.unseal(sealed, PLACE)


@pytest.mark.parametrize("keys", [[], ["c2hvcnQ="], ["no base64!"]])
def test_a_ring_without_whole_keys_is_said(settings, keys):
    settings.FIELD_KEYS = keys

    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        encryption.seal(b"", PLACE)


# ---- changing keys ----


def test_every_column_with_sealed_values_is_found():
    """Those of the outbox's own sealing stand under another key."""
    binary = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and model._meta.app_label == "privacy" and "hash" not in field.name
    }

    assert (
        binary == {*rotation.columns()} == {(SealedPaper, "content"), (Package, "content"), (Export, "sealed_password")}
    )


def rows(count=1):
    """So many rows of each table, sealed."""
    subject = SubjectFactory()
    request = Request.objects.create(
        subject=subject, kind="access", regimes=["appi"], channel="form", language="en", received_at=timezone.now()
    )
    made = []
    for _number in range(count):
        made += [
            (SealedPaper(request=request, kind="identity", media_type="-", size=1), "content"),
            (Package(subject=subject, form="access"), "content"),
            (Export(kind="provision", recipient="contractor", reason="-", fingerprint="-"), "sealed_password"),
        ]
    for row, column in made:
        setattr(row, column, encryption.seal(str(row.ref).encode(), encryption.place(row, column)))
        row.save()
    SealedPaper.objects.create(request=request, kind="identity", content=b"", media_type="-", size=0)
    return made


def all_open(made):
    for row, column in made:
        row.refresh_from_db()
        assert encryption.unseal(bytes(getattr(row, column)), encryption.place(row, column)) == str(row.ref).encode()
    return True


def command(*options):
    output = StringIO()
    call_command("rotate_field_keys", *options, stdout=output)
    return output.getvalue()


@pytest.mark.django_db
@pytest.mark.req("R151", "R155")
def test_a_new_key_takes_over_everything_and_the_old_one_may_go(settings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    made, old = rows(5), settings.FIELD_KEYS
    name = encryption.newest().hex()
    settings.FIELD_KEYS = [random_seed(), *old]

    assert f"Key {name} seals 15: keep it in FIELD_KEYS." in command("--dry-run")
    assert all_open(made)
    said = command()

    assert "15 values sealed anew" in said
    assert f"Key {name} seals 0: it may be taken out of FIELD_KEYS." in said
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert all_open(made)
    assert "0 values sealed anew" in command()


@pytest.mark.req("R151")
def test_rows_that_somebody_holds_are_passed_over_and_come_next_time(committing_db, settings):
    with acting_as(duty=PORTAL):
        made = rows(1)
    settings.FIELD_KEYS = [random_seed(), *settings.FIELD_KEYS]
    held, done = threading.Event(), threading.Event()

    def hold():
        with acting_as(duty=PORTAL), transaction.atomic():
            Package.objects.select_for_update().get()
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        with pytest.raises(CommandError, match="Somebody held some of them") as caught:
            command()
    finally:
        done.set()
        thread.join()

    assert caught.value.returncode == 1
    assert "1 values sealed anew" in command()
    with acting_as(duty=PORTAL):
        assert all_open(made)


@pytest.mark.django_db
@pytest.mark.req("R151")
def test_what_does_not_open_is_counted_and_left_as_it_is(settings):
    made = rows(1)
    paper, package = made[0][0], made[1][0]
    broken = bytes(paper.content)[:-1] + b"x"
    SealedPaper.objects.filter(pk=paper.pk).update(content=broken)
    unknown = b"\x01none" + bytes(28)
    Package.objects.filter(pk=package.pk).update(content=unknown)
    settings.FIELD_KEYS = [random_seed(), *settings.FIELD_KEYS]

    with pytest.raises(CommandError, match="2 values do not open, and 1 are sealed by keys") as caught:
        command()

    assert caught.value.returncode == 2
    assert all_open(made[2:])
    assert bytes(SealedPaper.objects.get(pk=paper.pk).content) == broken
    assert bytes(Package.objects.get(pk=package.pk).content) == unknown
