"""The commands beside the pages, which never stand in for the second person (R061)."""

import base64
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from privacy import handover
from privacy.handover import signatures
from privacy.models import Export, ExportKind

from .runs import Contractor, fresh, operator
from .sealed import tool

pytestmark = pytest.mark.django_db


@pytest.fixture
def contractor(make_staff):
    return Contractor(make_staff)


def said(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def asked(contractor, *arguments):
    return said(
        "export_to_contractor",
        "request",
        str(contractor.profile.pk),
        "--by",
        contractor.officer.email,
        "--reason",
        "Monthly",
        *arguments,
    )


@pytest.mark.req("R061")
def test_what_a_command_asks_for_waits_for_a_second_person_all_the_same(contractor):
    operator()

    assert "Waits for release" in asked(contractor)
    assert "0 built" in said("export_to_contractor", "build")
    export = Export.objects.get(kind=ExportKind.PROVISION)
    assert (export.built_at, export.requested_by) == (None, contractor.officer)

    handover.approve(export, by=contractor.second)
    assert f"{export.number}: 1 rows" in said("export_to_contractor", "build")
    assert "Waits to be fetched" in said("export_to_contractor", "list")


def test_a_rehearsal_can_be_asked_for(contractor):
    assert "Being built" in asked(contractor, "--rehearsal")


def test_who_is_no_officer_cannot_ask_nor_for_a_profile_that_is_not_there(contractor):
    with pytest.raises(CommandError, match="no privacy officer"):
        said("export_to_contractor", "request", "1", "--by", contractor.staff.email, "--reason", "-")
    with pytest.raises(CommandError, match="no export profile"):
        said("export_to_contractor", "request", "0", "--by", contractor.officer.email, "--reason", "-")


def test_a_problem_is_said_in_words(contractor):
    contractor.key.revoked_at = timezone.now()
    contractor.key.save()
    with pytest.raises(CommandError, match="no valid key"):
        asked(contractor)


def test_a_new_signing_key_is_published_beside_the_former_one(settings, client, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"sealed before")
    (tmp_path / "file.sig").write_text(signatures.sign(io.BytesIO(b"sealed before")))

    lines = dict(line.partition("=")[::2] for line in said("rotate_export_key").splitlines() if line.startswith("EX"))
    before = client.get("/.well-known/handover-allowed-signers").content.decode()
    settings.EXPORT_SIGNING_KEY = lines["EXPORT_SIGNING_KEY"]
    settings.EXPORT_FORMER_KEYS = lines["EXPORT_FORMER_KEYS"].split(",")
    after = client.get("/.well-known/handover-allowed-signers").content.decode()

    assert len(base64.b64decode(lines["EXPORT_SIGNING_KEY"])) == 32
    assert (len(before.splitlines()), len(after.splitlines())) == (1, 2)
    assert before in after
    signers = tmp_path / "allowed_signers"
    signers.write_text(after)
    verify = ["-Y", "verify", "-f", signers, "-I", signatures.NAME, "-n", signatures.NAME, "-s", f"{file}.sig"]
    assert tool("ssh-keygen", *verify, input=b"sealed before").returncode == 0
    assert tool("ssh-keygen", *verify, input=b"altered").returncode != 0


def test_reminders_are_a_command_too(contractor):
    operator()
    export = contractor.built()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert f"{export.number}: Waits to be fetched\n1 late" in said("remind_of_hand_overs", "--dry-run")
        assert "1 reminded" in said("remind_of_hand_overs")
        assert "0 reminded" in said("remind_of_hand_overs")
    assert fresh(export).confirmed_at is None
