"""A hand-over whose worker is killed, by SIGKILL, while it builds. Everything here commits."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
import pyzipper
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from privacy import handover
from privacy.handover import bundle, downloads, runs
from tests.factories import UserFactory

from .runs import Contractor, fresh, operator, password_of

pytestmark = pytest.mark.usefixtures("committing_db")
CANARY = "canary-4711@operator.example"
MOMENTS = {
    "before the file is there": "1 tempfile.mkstemp",
    "with rows read": 'INSERT INTO "privacy_exportitem"',
    "with all rows sealed": "SELECT pg_advisory_xact_lock(hashtext('privacy.handover'))",
    "before the file has its name": "1 os.rename",
    "before the signature is there": "2 tempfile.mkstemp",
    "before the signature has its name": "2 os.rename",
    "before anybody is told": 'INSERT INTO "outbox_message"',
}


def staff(role):
    person = UserFactory(is_staff=True, recipient="contractor" if role == "contractor operations" else "")
    person.groups.add(Group.objects.get(name=role))
    return person


@pytest.fixture
def folders(settings, tmp_path):
    """(of hand-overs, of temporary files) of the worker."""
    settings.HANDOVER_DIR = tmp_path / "handover"
    (tmp_path / "temporary").mkdir()
    return settings.HANDOVER_DIR, tmp_path / "temporary"


def kill_worker_at(moment, folder, temporary):
    command = [sys.executable, "-m", "tests.privacy.handover.builder"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [*command, connection.settings_dict["NAME"], str(folder), moment],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as worker:
        try:
            assert worker.stdout.readline() == b"here\n"
        finally:
            worker.kill()
    assert worker.returncode == -signal.SIGKILL


def table_of(contractor, export):
    sealed = pyrage.decrypt(runs.path_of(export).read_bytes(), [contractor.identity])
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    with pyzipper.AESZipFile(io.BytesIO(sealed)) as archive:
        return archive.read(runs.TABLE, password_of(export, contractor.officer).encode())


@pytest.mark.req("R061")
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_killed_at_any_moment_it_leaves_nothing_to_fetch_nor_to_read_and_the_next_run_builds_it(folders, moment):
    folder, temporary = folders
    contractor = Contractor(staff)
    operator(contact_email=CANARY)
    export = contractor.released()

    kill_worker_at(moment, folder, temporary)

    left = [path for place in folders for path in place.rglob("*") if path.is_file()]
    assert (fresh(export).built_at, fresh(export).items.count()) == (None, 0)
    assert export.pk not in downloads.offered_to(contractor.staff).values_list("pk", flat=True)
    assert not [path for path in left if CANARY.encode() in path.read_bytes() or path.stat().st_mode & 0o077]
    assert {path.parent for path in left} <= {folder}
    with time_machine.travel(timezone.now() + runs.LEASE + timedelta(seconds=1)):
        assert handover.build_due() == [export.pk]
    whole = runs.path_of(fresh(export))
    assert hashlib.sha256(whole.read_bytes()).hexdigest() == fresh(export).sha256
    assert CANARY.encode() in table_of(contractor, fresh(export))
    assert bundle.sweep(folder, older_than=-1) == sum(path.name.endswith(bundle.PARTIAL) for path in left)
    assert {path.name.removesuffix(".sig") for path in Path(folder).glob(f"{export.number}*")} == {whole.name}
