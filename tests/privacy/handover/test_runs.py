"""A hand-over from its request to a file that its recipient can open (R060-R067, R063, R066)."""

import csv
import errno
import io
import json
import uuid
from datetime import timedelta
from pathlib import Path

import msoffcrypto
import openpyxl
import pyrage
import pytest
import pyzipper
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.personal_data import MINIMUM
from outbox.models import Message
from privacy import consent, encryption, handover
from privacy.handover import bundle, keys, runs, signatures
from privacy.handover.conditions import Problem
from privacy.ledger import chain
from privacy.models import (
    AuditEvent,
    ExportItem,
    ExportKind,
    LedgerEvent,
    Matter,
    ProcessingRecord,
    Recipient,
    State,
)

from .runs import CODE, SHOWN, Contractor, fresh, operator, password_of

pytestmark = pytest.mark.django_db
RECIPIENTS = Recipient.objects.filter(code=CODE)


@pytest.fixture
def contractor(make_staff):
    return Contractor(make_staff)


def opened(contractor, export):
    """{name: content} of a bundle, opened with the recipient's key and the password that was read out."""
    sealed = runs.path_of(export).read_bytes()
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    password = password_of(export, contractor.officer)
    with pyzipper.AESZipFile(io.BytesIO(pyrage.decrypt(sealed, [contractor.identity]))) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(members):
    return list(csv.DictReader(io.StringIO(members["operators.csv"].decode("utf-8-sig"))))


def files():
    """The names in the folder of hand-overs, of whatever is no rehearsal's."""
    return sorted(path.name for path in Path(runs.settings.HANDOVER_DIR).glob("*"))


@pytest.mark.req("R060", "R061", "R062", "R067")
def test_what_a_second_person_releases_arrives_sealed_with_a_manifest(contractor):
    row = operator()

    export = contractor.built()
    members = opened(contractor, export)

    assert (export.problem, export.rows, export.withheld) == ("", 1, 0)
    manifest = json.loads(members["manifest.json"])
    assert manifest["number"] == export.number
    assert (manifest["recipient"]["code"], manifest["recipient"]["contract"]) == (CODE, "T-2026-1")
    assert (manifest["purpose"], manifest["rows"], manifest["withheld"]) == ("operator_networking", 1, 0)
    assert [one["name"] for one in manifest["fields"] if one["minimum"]] == sorted(MINIMUM, key=_order(manifest))
    assert {one["name"] for one in manifest["fields"]} == {*MINIMUM, *SHOWN}
    assert manifest["policy"][0]["number"] == 1
    assert len(manifest["policy"][0]["sha256"]) == 64
    assert "no right of your own" in manifest["terms"]["en"]
    assert manifest["delete_by"] == export.delete_by.isoformat()
    assert manifest == export.manifest
    [found] = rows_of(members)
    assert found["business_name"] == row.business_name
    assert found["contact_email"] == row.people.contact_email
    assert found["telephone"] == "+81 3-3555-0100"


def _order(manifest):
    names = [one["name"] for one in manifest["fields"]]
    return names.index


@pytest.mark.req("R061")
def test_the_file_is_signed_and_its_password_is_kept_sealed_and_nothing_readable_is_on_the_disk(contractor):
    row = operator(business_name="Canary K.K.")

    export = contractor.built()

    path = runs.path_of(export)
    with path.open("rb") as file:
        signatures.verify(file, runs.signature_of(path).read_text())
    content = path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    for text in (row.business_name, row.people.contact_email):
        assert text.encode() not in content
    assert path.stat().st_mode & 0o077 == 0
    password = encryption.unseal(bytes(export.sealed_password), encryption.place(export, "sealed_password"))
    assert len(password) == 32
    assert password not in bytes(export.sealed_password)


@pytest.mark.req("R061")
def test_nothing_is_built_before_a_second_person_released_it(contractor):
    export = contractor.ask()

    assert handover.build_due() == []
    assert fresh(export).built_at is None
    with pytest.raises(ValidationError, match="Another officer"):
        handover.approve(export, by=contractor.officer)


@pytest.mark.req("R062")
@pytest.mark.parametrize("what", ["fields", "minimum", "form", "recipient"])
def test_what_was_changed_after_it_was_asked_is_not_released_and_not_built(contractor, what):
    asked, released = contractor.ask(), contractor.released()

    match what:
        case "fields":
            contractor.profile.fields = ["contact_name"]
        case "form":
            contractor.profile.spreadsheet_until = timezone.now() + timedelta(days=1)
            contractor.profile.spreadsheet_reason = "-"
        case "recipient":
            contractor.profile.recipient = "delegation-company"
        case "minimum":
            RECIPIENTS.update(extra_minimum=["contact_email"], extra_minimum_reason="-")
            contractor.profile.fields = []
    contractor.profile.save()

    with pytest.raises(ValidationError, match="ask anew"):
        handover.approve(fresh(asked), by=contractor.second)
    built = contractor.built(released)
    assert (built.built_at, built.problem) == (None, Problem.CHANGED)


def _deactivate(contractor):
    contractor.second.is_active = False
    contractor.second.save()


def _take_role(contractor):
    contractor.second.groups.clear()


def _revoke(contractor):
    keys.revoke(contractor.key, by=contractor.officer)


def _expire(contractor):
    contractor.key.expires_at = timezone.now()
    contractor.key.save()


def _end_attestation(contractor):
    RECIPIENTS.update(attested_on=None)


def _end_contract(contractor):
    RECIPIENTS.update(valid_until=timezone.now())


def _lose_reference(contractor):
    RECIPIENTS.update(contract_reference="")


def _lose_purpose(contractor):
    RECIPIENTS.update(purposes=["registration"])


@pytest.mark.req("R060", "R061", "R066")
@pytest.mark.parametrize(
    ("happens", "problem"),
    [
        (_deactivate, Problem.APPROVER),
        (_take_role, Problem.APPROVER),
        (_revoke, Problem.KEY),
        (_expire, Problem.KEY),
        (_end_attestation, Problem.ATTESTATION),
        (_end_contract, Problem.CONTRACT),
        (_lose_reference, Problem.CONTRACT),
        (_lose_purpose, Problem.PURPOSE),
    ],
)
def test_what_ends_between_release_and_building_ends_the_hand_over(contractor, happens, problem):
    operator()
    export, before = contractor.released(), files()

    happens(contractor)
    built = contractor.built(export)

    assert (built.built_at, built.problem, built.failed_at is not None) == (None, problem, True)
    assert files() == before
    assert not built.items.exists()
    assert LedgerEvent.objects.filter(subject_ref=export.ref, state=State.INVALIDATED).exists()


@pytest.mark.req("R066")
@pytest.mark.parametrize("happens", [_revoke, _expire, _end_attestation, _end_contract, _lose_reference, _lose_purpose])
def test_without_key_attestation_or_contract_nobody_can_even_ask(contractor, happens):
    happens(contractor)
    with pytest.raises(ValidationError):
        contractor.ask()


def test_a_release_that_is_a_day_old_is_none(contractor):
    export = contractor.released()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert contractor.built(export).problem == Problem.STALE


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OSError(errno.ENOSPC, "full"), Problem.DISK),
        (PermissionError(errno.EACCES, "no"), Problem.FILE),
        (RuntimeError(), Problem.UNEXPECTED),
    ],
)
def test_a_disk_that_is_full_leaves_no_file_and_a_reason(contractor, monkeypatch, error, problem):
    operator()
    export, before = contractor.released(), files()

    class Full(io.RawIOBase):
        def write(self, data):
            raise error

    def unwritable(number, mode):
        return Full()

    with monkeypatch.context() as patch:
        patch.setattr(bundle, "open", unwritable, raising=False)
        built = contractor.built(export)

    assert (built.built_at, built.problem) == (None, problem)
    assert files() == before
    again = handover.ask_again(built, by=contractor.officer)
    handover.approve(again, by=contractor.second)
    assert contractor.built(again).rows == 1


def test_a_file_with_other_rows_than_were_written_down_leaves_nothing(contractor):
    operator()
    export, before = contractor.released(), files()
    ExportItem.objects.create(export=export, subject_ref=uuid.uuid4(), row_key="0", digest="-")

    built = contractor.built(export)

    assert (built.built_at, built.problem) == (None, Problem.ROWS)
    assert files() == before


def test_a_worker_that_was_killed_leaves_nothing_to_fetch_and_another_builds_it(contractor):
    operator()
    export = contractor.released()
    claimed = runs._claim(export.pk)
    (Path(runs.settings.HANDOVER_DIR) / f"{export.number}.zip.age").write_bytes(b"half")

    assert fresh(export).built_at is None
    assert handover.build_due() == []
    with time_machine.travel(claimed.leased_until + timedelta(seconds=1)):
        assert handover.build_due() == [export.pk]
    assert bundle.hashlib.sha256(runs.path_of(fresh(export)).read_bytes()).hexdigest() == fresh(export).sha256


def test_a_worker_whose_lease_was_taken_over_finishes_nothing(contractor, monkeypatch):
    operator()
    export = contractor.released()
    write, meanwhile = bundle.write, []

    def slowly(*arguments, **options):
        sealed = write(*arguments, **options)
        if not meanwhile:
            meanwhile.append(export.pk)
            type(export).objects.filter(pk=export.pk).update(leased_until=timezone.now() + timedelta(hours=1))
        return sealed

    monkeypatch.setattr(bundle, "write", slowly)
    assert handover.build(export.pk) is False
    assert (fresh(export).built_at, fresh(export).items.count()) == (None, 0)


def test_what_happens_to_a_person_while_the_file_is_written_is_seen(contractor, monkeypatch):
    row, other = operator(), operator()
    export, write, meanwhile = contractor.released(), bundle.write, []

    def slowly(*arguments, **options):
        sealed = write(*arguments, **options)
        if not meanwhile:
            meanwhile.append(consent.restrict(row.contact))
        return sealed

    monkeypatch.setattr(bundle, "write", slowly)
    with transaction.atomic():
        assert handover.build(export.pk) is False
    # The restriction was rolled back with the attempt, since the test has one connection; it is said again.
    consent.restrict(row.contact)
    assert handover.build_due() == [export.pk]
    assert list(fresh(export).items.values_list("subject_ref", flat=True)) == [other.contact.ref]


def test_a_hand_over_is_built_once_however_often_it_is_begun(contractor):
    operator()
    export = contractor.built()
    digest = export.sha256

    assert handover.build(export.pk) is False
    assert fresh(export).sha256 == digest
    assert ProcessingRecord.objects.filter(surface=f"hand-over {export.number}").count() == 1


def test_a_cancelled_hand_over_is_not_built(contractor):
    export = contractor.released()
    handover.cancel(export, by=contractor.second)
    assert handover.build_due() == []
    with pytest.raises(ValidationError):
        handover.cancel(export, by=contractor.second)


def test_items_tell_whose_row_went_without_its_values(contractor):
    row = operator()
    export = contractor.built()

    [item] = export.items.all()
    assert (item.subject_ref, item.row_key, item.is_withheld) == (row.contact.ref, str(row.pk), False)
    said = json.dumps(list(ExportItem.objects.values("digest", "row_key", "action")))
    for value in (row.business_name, row.people.contact_name, row.people.contact_email):
        assert value not in said


@pytest.mark.req("R063", "R064")
@hypothesis_settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    histories=st.lists(st.lists(st.sampled_from(["out", "in", "other"]), max_size=3), min_size=1, max_size=4),
    fields=st.sets(st.sampled_from(SHOWN)),
)
def test_of_who_withholds_only_the_minimum_leaves_and_the_manifest_counts_them(contractor, histories, fields):
    """I06: for any history of opting out and in again."""
    with transaction.atomic():
        contractor.profile.fields = sorted(fields)
        contractor.profile.save()
        people = [operator() for _history in histories]
        for person, history in zip(people, histories, strict=True):
            for act in history:
                topic = "delegation-company" if act == "other" else CODE
                (consent.opt_in if act == "in" else consent.opt_out)(person.contact, topic)
        withheld = {
            person.pk
            for person, history in zip(people, histories, strict=True)
            if [act for act in history if act != "other"][-1:] == ["out"]
        }

        export = contractor.built()
        rows = rows_of(opened(contractor, export))

        assert export.manifest["withheld"] == export.withheld == len(withheld)
        for row in rows:
            shown = {name for name in SHOWN if row.get(name)}
            assert shown == (set() if int(row["row"]) in withheld else fields)
            assert row["business_name"]
        assert {int(row["row"]) for row in rows} == {person.pk for person in people}
        transaction.set_rollback(True)
        runs.remove_files(runs.path_of(export))


@pytest.mark.req("R061", "R067")
def test_each_step_stands_in_the_chain_with_recipient_and_purpose(contractor):
    export = contractor.finish(contractor.built())
    handover.confirm_destruction(export, by=contractor.staff)
    connection.check_constraints()

    events = LedgerEvent.objects.filter(subject_ref=export.ref, matter=Matter.HAND_OVER).order_by("seq")
    assert list(events.values_list("state", flat=True)) == [
        State.REQUESTED,
        State.APPROVED,
        State.BUILT,
        State.RECEIVED,
        State.GIVEN,
        State.ACCEPTED,
        State.DESTROYED,
    ]
    assert {(event.purpose, event.topic) for event in events} == {("operator_networking", CODE)}
    assert events[0].actor == f"staff:{contractor.officer.ref}"
    assert events[2].actor == "portal"
    assert chain.verify().faults == []
    assert AuditEvent.objects.filter(target=f"privacy.export:{export.pk}").count() == len(events)


def test_the_officers_and_the_recipient_are_told_that_something_waits_and_not_what(contractor):
    operator()
    Message.objects.all().delete()
    export = contractor.ask()
    [waits] = Message.objects.all()
    assert (waits.to_ref, waits.context["what"]) == (contractor.second.ref, "release")

    handover.approve(export, by=contractor.second)
    export = contractor.built(export)
    message = Message.objects.get(to_ref=contractor.staff.ref)
    assert message.context == {"number": export.number, "export": export.pk, "what": "fetch"}


@pytest.mark.req("R061")
def test_the_exception_is_a_spreadsheet_with_a_password_until_it_ends(contractor):
    contractor.profile.spreadsheet_until = timezone.now() + timedelta(days=2)
    contractor.profile.spreadsheet_reason = "The desk has office programs only"
    contractor.profile.save()
    row = operator()

    export = contractor.built()

    assert export.file_name == f"{export.number}.xlsx"
    path = runs.path_of(export)
    assert row.business_name.encode() not in path.read_bytes()
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    plain = io.BytesIO()
    with path.open("rb") as file:
        office = msoffcrypto.OfficeFile(file)
        office.load_key(password=password_of(export, contractor.officer))
        office.decrypt(plain)
    sheet = openpyxl.load_workbook(plain).active
    assert [cell.value for cell in sheet[1]][:2] == ["row", "ref"]
    assert sheet.cell(2, 1).value == str(row.pk)
    assert export.manifest["files"] == [{"name": export.file_name, "size": export.size}]

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert contractor.built().file_name.endswith(".zip.age")


def test_a_newer_hand_over_names_the_one_that_it_supersedes(contractor):
    first = contractor.built()
    assert first.manifest["supersedes"] is None
    assert contractor.built().manifest["supersedes"] == first.number


def test_a_rehearsal_needs_no_second_person_and_holds_nobody(make_staff):
    contractor = Contractor(make_staff, rehearsed=False)
    operator()
    export = contractor.built(contractor.ask(kind=ExportKind.REHEARSAL))
    assert (export.rows, export.items.count()) == (3, 0)
