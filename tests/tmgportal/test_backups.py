"""A backup is whole or is none; restored, it serves nobody before it has forgotten who was erased (R110, R151, I10)."""

import importlib
import json
import os
import re
import subprocess
import tarfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

import manage
from accounts.models import User
from privacy import audit, erasure
from privacy.acting import PORTAL, acting_as
from privacy.erasure import journal
from privacy.ledger import chain
from privacy.models import AuditEvent, Subject, UsageCount
from tests.factories import SubjectFactory, UserFactory, make_member
from tests.privacy.handover.sealed import tool
from tmgportal import backups, serving, stack
from tmgportal.celery import app

CANARY = "canary7351"


@pytest.fixture
def _folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.HANDOVER_DIR = tmp_path / "media", tmp_path / "handover"
    settings.JOURNAL_DIR = tmp_path / "journal"
    journal.begin()
    for folder in (settings.MEDIA_ROOT, settings.HANDOVER_DIR):
        folder.mkdir()
    (settings.MEDIA_ROOT / "photos").mkdir()
    (settings.MEDIA_ROOT / "photos/one.webp").write_bytes(b"photo" * 1000)
    (settings.HANDOVER_DIR / "E-000001.zip.age").write_bytes(b"sealed")


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.fixture
def installation(committing_db, _folders):
    with acting_as(duty=PORTAL):
        return make_member()


@contextmanager
def owner():
    with backups._as_owner() as database:
        yield database


def destroy(settings):
    """The database is empty, as `deploy/roles.sql` makes one, and so are the folders. The journal is elsewhere."""
    connections.close_all()
    with owner() as database:
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        database.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        database.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app")
    for path in [*Path(settings.MEDIA_ROOT).rglob("*"), *Path(settings.HANDOVER_DIR).rglob("*")]:
        if path.is_file():
            path.unlink()


def everything():
    """{table: its rows as text}, of the whole database, as its owner in the duty of the portal."""
    with owner() as database:
        database.execute("SELECT set_config('app.duty', 'portal', true)")
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            table: sorted(row for (row,) in database.execute(f"SELECT row_to_json(one)::text FROM {table} one"))  # noqa: S608
            for (table,) in tables
        }


def structure():
    """What binds the role that serves: policies, grants, triggers, functions, defaults."""
    with owner() as database:
        return [
            database.execute(f"SELECT {what} ORDER BY 1").fetchall()
            for what in (
                "p.*::text FROM pg_policies p",
                "(relname, relrowsecurity, relforcerowsecurity, relacl)::text FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')",
                "pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
                "(proname, prosecdef, proacl)::text FROM pg_proc"
                " WHERE pronamespace = 'public'::regnamespace AND probin IS NULL",
                "defaclobjtype::text || defaclacl::text FROM pg_default_acl",
                "(conname, contype, convalidated)::text FROM pg_constraint",
                "extname FROM pg_extension",
            )
        ]


def command(name, *arguments):
    output = StringIO()
    call_command(name, *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.req("R151")
def test_a_restored_installation_is_the_one_that_was_backed_up(installation, target, settings):
    before, bound = everything(), structure()
    path, manifest = backups.make(target)
    assert [one["name"] for one in manifest["files"]] == ["media/photos/one.webp", "handover/E-000001.zip.age"]
    destroy(settings)

    backups.restore(path)

    assert everything() == before
    assert structure() == bound
    assert (settings.MEDIA_ROOT / "photos/one.webp").read_bytes() == b"photo" * 1000
    assert (settings.HANDOVER_DIR / "E-000001.zip.age").read_bytes() == b"sealed"
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(act="another")


@pytest.mark.req("R151", "R155")
def test_a_backup_opens_with_age_and_tar_alone(installation, target, settings, tmp_path):
    path, _manifest = backups.make(target)
    assert b"photo" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    (tmp_path / "key").write_text(settings.BACKUP_KEY)

    opened = tmp_path / "opened.tar"
    assert tool("age", "--decrypt", "-i", tmp_path / "key", "-o", opened, path).returncode == 0
    with tarfile.open(opened) as tar:
        names = tar.getnames()
        assert json.load(tar.extractfile("manifest.json"))["format"] == 2
        dump = b"".join(tar.extractfile(name).read() for name in names if name.startswith("database/"))

    assert names[-2:] == ["manifest.json", "manifest.hmac"]
    assert "media/photos/one.webp" in names
    (tmp_path / "dump").write_bytes(dump)
    listed = subprocess.run(
        [stack.programs() / "bin/pg_restore", "--list", tmp_path / "dump"], check=True, capture_output=True
    )
    assert b"TABLE DATA public accounts_user" in listed.stdout


@pytest.mark.req("R151")
def test_a_backup_under_writes_is_one_moment(installation, target, settings):
    """Each writer adds a pair in one transaction: a backup with half a pair would be of two moments."""
    stop, written = threading.Event(), []

    def write(number):
        try:
            while not stop.is_set():
                with acting_as(duty=PORTAL):
                    for kind in ("left", "right"):
                        UsageCount.objects.create(
                            day="2026-01-01", kind=kind, term=f"{number}-{len(written)}", language="en"
                        )
                    audit.record(None, "written", installation)
                    Subject.objects.create(language="en")
                written.append(number)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(2)]
    for writer in writers:
        writer.start()
    try:
        path, _manifest = backups.make(target)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert written
    destroy(settings)

    backups.restore(path)

    left, right = (UsageCount.objects.filter(kind=kind).count() for kind in ("left", "right"))
    assert left == right
    assert left == AuditEvent.objects.filter(act="written").count()


# ---- nothing is offered, nothing is touched ----


@pytest.mark.req("R151")
def test_an_altered_backup_is_refused_before_anything_is_touched(installation, target, settings):
    path, _manifest = backups.make(target)
    whole, before = path.read_bytes(), everything()
    size = len(whole)
    for position in (0, 30, 200, size // 2, size - 20, size - 1):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(backups.BackupError, match="altered or cut"):
            backups.restore(path, replace=True)
    for length in (0, 100, size // 2, size - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(backups.BackupError, match="altered or cut"):
            backups.restore(path, replace=True)
    path.write_bytes(whole + b"x")
    with pytest.raises(backups.BackupError, match="altered or cut"):
        backups.restore(path, replace=True)

    assert everything() == before
    assert (settings.MEDIA_ROOT / "photos/one.webp").exists()


@pytest.mark.req("R151")
def test_another_key_opens_nothing(installation, target, settings):
    path, _manifest = backups.make(target)
    settings.BACKUP_KEY = stack.random_identity()

    with pytest.raises(backups.BackupError, match="another BACKUP_KEY"):
        backups.restore(path, replace=True)


def sealed(path, members):
    """A file that age opens well, with these members: whoever knows the public key can make it."""
    with path.open("wb") as file:
        backups._write(file, ((name, len(text), iter([text])) for name, text in members), backups.key().to_public())
    return path


def signed(path, members):
    """A file like that with a signature after the manifest, which comes last: what only its maker can get wrong."""
    return sealed(path, [*members, ("manifest.hmac", backups._signature(members[-1][1]))])


def members_of(path):
    """[(name, content)] of a backup; the signature comes last, after the manifest."""
    with backups._opened(path) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]


@pytest.mark.req("R151")
@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (lambda members: members[:-1], "not signed.*--unsigned"),
        (lambda members: [*members[:-1], ("manifest.hmac", b"0" * 64)], "signature is wrong"),
        (lambda members: [*members[:-1], ("manifest.hmac", b"\xff")], "signature is wrong"),
        (
            lambda members: [*members[:-2], ("manifest.json", members[-2][1].replace(b"2", b"1", 1)), members[-1]],
            "signature is wrong",
        ),
        (lambda members: [("media/planted", b"x"), *members], "not what its manifest says"),
    ],
)
def test_what_was_made_without_the_private_key_is_refused(installation, target, tmp_path, forge, said):
    path, _manifest = backups.make(target)
    before = everything()
    forged = sealed(tmp_path / "forged", forge(members_of(path)))

    with pytest.raises(CommandError, match=said):
        command("restore", str(forged), "--check")
    with pytest.raises(CommandError, match=said):
        command("restore", str(forged), "--replace")

    assert everything() == before


@pytest.mark.req("R151")
def test_a_wrong_signature_is_refused_whatever_one_says(installation, target, tmp_path):
    path, _manifest = backups.make(target)
    forged = sealed(tmp_path / "forged", [*members_of(path)[:-1], ("manifest.hmac", b"0" * 64)])

    with pytest.raises(CommandError, match="signature is wrong"):
        command("restore", str(forged), "--check", "--unsigned")


@pytest.mark.req("R151")
def test_one_from_before_backups_were_signed_is_restored_if_one_says_so(installation, target, tmp_path, settings):
    path, manifest = backups.make(target)
    before = everything()
    older = {name: value for name, value in manifest.items() if name != "journal"} | {"format": 1}
    members = [*members_of(path)[:-2], ("manifest.json", json.dumps(older).encode())]
    destroy(settings)

    assert "restored" in command("restore", str(sealed(tmp_path / "older", members)), "--unsigned")

    assert everything() == before


@pytest.mark.req("R151")
def test_after_a_change_of_the_key_the_old_key_still_says_that_an_old_backup_is_ours(installation, target, settings):
    old, (path, _manifest) = settings.BACKUP_KEY, backups.make(target)
    settings.BACKUP_KEY = stack.random_identity()
    with pytest.raises(backups.BackupError, match="another BACKUP_KEY"):
        backups.check(path)

    settings.BACKUP_KEY = old
    assert backups.check(path)["format"] == 2


@pytest.mark.req("R151")
def test_a_backup_that_changes_after_it_was_found_good_leaves_the_database_as_it_was(installation, target):
    path, manifest = backups.make(target)
    with acting_as(duty=PORTAL):
        SubjectFactory()
    before = everything()

    with backups._opened(path) as tar, pytest.raises(backups.BackupError, match="changed while it was read"):
        backups._restore_database(tar, manifest["database"] | {"sha256": "0" * 64})

    assert everything() == before


# ---- the journal of erasures as it was that day ----


def erased():
    with acting_as(duty=PORTAL):
        begun = erasure.start(UserFactory().subject, "child")
    return erasure.erase(begun.pk)


@pytest.mark.req("R110", "R151")
@pytest.mark.parametrize("left", ["missing", "empty", "shorter", "another", "altered"])
def test_with_a_journal_that_is_not_that_of_the_day_nothing_is_restored(installation, target, settings, left):
    for _person in range(2):
        erased()
    path, manifest = backups.make(target)
    assert manifest["journal"] == journal.head()._asdict() == {"entries": 2, "last": journal.head().last}
    lines = journal.path().read_bytes().splitlines(keepends=True)
    journal.path().unlink()
    match left:
        case "empty":
            journal.path().touch()
        case "shorter":
            journal.path().write_bytes(lines[0])
        case "another":
            for _person in range(3):
                erased()
        case "altered":
            journal.path().write_bytes(lines[1] + lines[0])
    before = everything()

    with pytest.raises(CommandError, match="journal of erasures.*--journal-lost"):
        command("restore", str(path), "--replace")
    assert everything() == before

    said = command("restore", str(path), "--replace", "--journal-lost")
    assert "nothing here knows who" in said
    assert "Then run: manage.py privacy_replay --journal-lost." in said


@pytest.mark.req("R110", "R151")
def test_with_a_journal_that_went_on_since_a_backup_is_restored(installation, target):
    erased()
    path, _manifest = backups.make(target)
    erased()

    assert "restored" in command("restore", str(path), "--replace")


@pytest.mark.req("R110")
def test_with_a_journal_that_was_altered_no_backup_is_made(installation, target):
    erased()
    journal.path().write_bytes(b"{}\n")

    with pytest.raises(CommandError, match="Line 1 of the journal"):
        command("backup", str(target))
    assert list(target.glob("*.tar.age")) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda manifest: manifest | {"format": 3}, "format 3 is not known"),
        (lambda manifest: manifest | {"files": []}, "not what its manifest says"),
        (lambda manifest: manifest | {"database": {"size": 1, "sha256": ""}}, "not what its manifest says"),
        (
            lambda manifest: manifest | {"migrations": [["privacy", "9999_later"]]},
            "newer portal, which had privacy.9999",
        ),
        (lambda manifest: None, "ends too early"),
    ],
)
def test_what_does_not_fit_together_is_refused(installation, target, tmp_path, change, said):
    path, _manifest = backups.make(target)
    members = members_of(path)[:-1]
    manifest = change(json.loads(members.pop()[1]))
    make = sealed
    if manifest:
        members.append(("manifest.json", json.dumps(manifest).encode()))
        make = signed

    with pytest.raises(backups.BackupError, match=said):
        backups.restore(make(tmp_path / "made", members), replace=True)


def test_a_dump_that_cannot_be_read_is_refused(installation, tmp_path):
    path = signed(tmp_path / "made", [("database/000001", b"no dump"), ("manifest.json", b"{}")])

    with pytest.raises(backups.BackupError, match="pg_restore failed"):
        backups.check(path)


@pytest.mark.req("R151")
def test_a_script_that_breaks_off_leaves_the_database_as_it_was(installation, target, settings):
    """The second reading meets another file than the first: the disk may fail in between."""
    path, manifest = backups.make(target)
    before = everything()
    with backups._opened(path) as tar:
        dump = b"".join(tar.extractfile(member).read() for member in tar if member.name.startswith("database/"))
    half = sealed(path.with_name("half"), [("database/000001", dump[: len(dump) // 2]), ("manifest.json", b"{}")])

    with backups._opened(half) as tar, pytest.raises(backups.BackupError):
        backups._restore_database(tar, manifest["database"])

    assert everything() == before


@pytest.mark.req("R151")
def test_what_holds_something_is_replaced_only_if_one_says_so(installation, target, settings):
    path, _manifest = backups.make(target)
    with acting_as(duty=PORTAL):
        later = SubjectFactory()
    (settings.MEDIA_ROOT / "later.webp").write_bytes(b"-")

    with pytest.raises(backups.BackupError, match="database is not empty.*--replace"):
        backups.restore(path)
    assert Subject.objects.filter(pk=later.pk).exists()

    backups.restore(path, replace=True)
    assert not Subject.objects.filter(pk=later.pk).exists()
    assert not (settings.MEDIA_ROOT / "later.webp").exists()


def test_files_of_another_installation_are_not_mixed_in(installation, target, settings):
    path, _manifest = backups.make(target)
    destroy(settings)
    (settings.MEDIA_ROOT / "other.webp").write_bytes(b"-")

    with pytest.raises(backups.BackupError, match="media is not empty"):
        backups.restore(path)


@pytest.mark.usefixtures("_folders")
def test_a_name_that_leaves_its_folder_is_refused(tmp_path):
    path = sealed(tmp_path / "made", [("media/../../outside", b"x")])

    with backups._opened(path) as tar, pytest.raises(backups.BackupError, match="would leave its folder"):
        backups._restore_file(tar, tar.next())
    assert not (tmp_path / "outside").exists()


@pytest.mark.req("R151")
def test_where_a_backup_fails_no_file_is_left(installation, target):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_OWNER_URL", re.sub(r"//\w+:[^@]+@", "//nobody:x@", os.environ["DATABASE_OWNER_URL"]))
        with pytest.raises(CommandError, match="No backup was made. The database does not answer"):
            command("backup", str(target))
    with owner() as database:
        database.execute("REVOKE ALL ON privacy_subject FROM portal_owner, portal_app")
    with pytest.raises(CommandError, match="No backup was made. pg_dump failed"):
        command("backup", str(target))
    assert list(target.iterdir()) == []


def test_a_table_that_the_portal_could_not_read_is_named(installation, target):
    with owner() as database:
        database.execute(
            "ALTER POLICY may_select ON privacy_request USING (current_setting('app.duty', true) = 'staff')"
        )

    with pytest.raises(backups.BackupError, match="could not be read: privacy_request$"):
        backups.make(target)
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1X"])
def test_a_key_that_is_none_is_said(settings, text):
    settings.BACKUP_KEY = text

    with pytest.raises(ImproperlyConfigured, match="BACKUP_KEY must be an age identity"):
        backups.key()


def test_a_backup_needs_a_folder(tmp_path):
    with pytest.raises(CommandError, match="is no folder"):
        command("backup", str(tmp_path / "nowhere"))


@pytest.mark.req("R110")
def test_backups_past_their_time_are_listed_and_deleted_if_one_says_so(installation, target):
    now = datetime.now(UTC)
    old, young = (target / (now - timedelta(days=days)).strftime(backups.NAME) for days in (36, 34))
    for path in (old, young):
        path.touch()

    assert f"{old}: past its time, delete it" in command("backup", str(target))
    assert old.exists()

    assert f"{old}: past its time, deleted" in command("backup", str(target), "--delete-outdated")
    assert not old.exists()
    assert young.exists()


def test_a_backup_can_be_checked_without_restoring_it(installation, target):
    path, _manifest = backups.make(target)

    assert command("restore", str(path), "--check").endswith("whole\n")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError, match="was not restored. It was altered or cut"):
        command("restore", str(path), "--check")


# ---- the drill ----


@app.task(name="tests.work")
def work():
    return "done"


@pytest.fixture
def _looks(settings, monkeypatch):
    """As a process that has just started."""
    settings.ERASURES_CHECKED_EVERY = 0
    monkeypatch.setattr(serving, "LOOK_AGAIN", 0)
    monkeypatch.setattr(serving, "_known", serving.Known(is_behind=True, until=0))


@pytest.mark.req("R094", "R110", "R151")
@pytest.mark.usefixtures("_looks")
def test_drill(installation, target, settings, client, caplog):
    """Back up, erase somebody, lose everything, restore: nothing is served before they are erased again (I10)."""
    with acting_as(duty=PORTAL):
        person = UserFactory(email=f"{CANARY}@example.com")
        ref = person.subject.ref
    path, _manifest = backups.make(target)
    with acting_as(duty=PORTAL):
        begun = erasure.start(person.subject, "child")
    erasure.erase(begun.pk)
    assert [entry.subject for entry in journal.read()] == [ref]
    assert CANARY not in str(everything())
    destroy(settings)

    said = command("restore", str(path))

    assert CANARY in str(everything()), "the backup is older than the erasure"
    assert "Nobody sees a page before you run: manage.py privacy_replay" in said
    for page in ("/en/", "/en/account/login/", "/en/admin/"):
        answer = client.get(page)
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert CANARY not in answer.content.decode()
    assert "run: manage.py privacy_replay" in caplog.text
    ready = client.get("/healthz/ready")
    assert (ready.status_code, ready.json()["erasures"]) == (503, False)
    assert client.get("/healthz/live").status_code == 200
    assert work.apply().state == "IGNORED"
    for name in manage.WORK:
        with pytest.raises(SystemExit, match="First run: manage.py privacy_replay"):
            manage.main(["manage.py", name])

    assert command("privacy_replay", "--dry-run") == "1 people would be erased again\n"
    assert client.get("/en/").status_code == 503
    assert command("privacy_replay") == "1 people erased again\n"

    assert client.get("/en/").status_code == 200
    assert client.get("/healthz/ready").json()["erasures"] is True
    assert work.apply().get() == "done"
    manage.main(["manage.py", "deliver_outbox"])
    assert CANARY not in str(everything())
    assert Subject.objects.get(ref=ref).erased_at
    assert not User.objects.filter(email__contains=CANARY).exists()
    assert command("privacy_replay") == "0 people erased again\n"
    with acting_as(duty=PORTAL):
        UserFactory()
    assert chain.verify().faults == [], "the ledger goes on where the backup ended"
    assert CANARY.encode() not in b"".join(one.read_bytes() for one in Path(settings.JOURNAL_DIR).rglob("*.jsonl"))
    assert CANARY not in caplog.text


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks")
def test_whoever_is_being_erased_in_this_moment_stops_nothing(installation):
    """The journal is written before the transaction commits."""
    with acting_as(duty=PORTAL):
        begun = erasure.start(SubjectFactory(), "child")
    found = []
    with transaction.atomic():
        erasure.erase(begun.pk)
        thread = threading.Thread(
            target=lambda: found.append((len(journal.read()), serving.look(), connection.close()))
        )
        thread.start()
        thread.join()

    assert found == [(1, False, None)]
    assert serving.look() is False


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks")
def test_a_journal_that_is_missing_is_not_taken_for_an_empty_one(installation, client):
    assert client.get("/en/").status_code == 200
    with acting_as(duty=PORTAL):
        begun = erasure.start(SubjectFactory(), "child")
    erasure.erase(begun.pk)

    journal.path().rename(journal.path().with_name("elsewhere"))
    assert client.get("/en/").status_code == 503

    journal.path().with_name("elsewhere").rename(journal.path())
    assert client.get("/en/").status_code == 200


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks")
def test_a_missing_journal_stops_everything_also_where_nobody_was_erased_yet(installation, client):
    """A restored database may be older than every erasure."""
    journal.path().unlink()
    assert client.get("/en/").status_code == 503

    journal.begin()
    assert client.get("/en/").status_code == 200


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks", "committing_db", "_folders")
def test_an_installation_that_nobody_has_used_serves_without_a_journal(client):
    journal.path().unlink()

    assert client.get("/en/").status_code == 200


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_folders")
def test_the_migrations_begin_a_journal_and_leave_one_alone():
    begin = importlib.import_module("privacy.migrations.0022_begin_journal").begin
    journal.path().unlink()

    begin(None, None)
    assert journal.path().read_bytes() == b""

    journal.path().write_bytes(b"line")
    begin(None, None)
    assert journal.path().read_bytes() == b"line"


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks")
def test_after_a_lost_journal_one_is_written_from_what_the_database_knows(installation, client):
    done = [erased() for _person in range(2)]
    journal.path().unlink()
    assert client.get("/en/").status_code == 503
    assert command("privacy_replay", "--journal-lost", "--dry-run") == "0 people would be erased again\n"
    assert not journal.path().exists()

    assert command("privacy_replay", "--journal-lost").startswith("2 erasures written down again\n")

    assert client.get("/en/").status_code == 200
    assert [entry.erasure for entry in journal.read()] == [one.ref for one in done]
    assert command("privacy_replay", "--journal-lost").startswith("0 erasures written down again\n")


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks")
@pytest.mark.parametrize("left", [0, 1])
def test_a_journal_that_lost_its_end_is_not_trusted(installation, client, left):
    """The chain of its lines does not show that the last ones are missing."""
    with acting_as(duty=PORTAL):
        begun = [erasure.start(SubjectFactory(), "child") for _number in range(2)]
    for one in begun:
        erasure.erase(one.pk)
    assert client.get("/en/").status_code == 200
    lines = journal.path().read_bytes().splitlines(keepends=True)

    journal.path().write_bytes(b"".join(lines[:left]))
    assert client.get("/en/").status_code == 503

    journal.path().write_bytes(b"".join(lines))
    assert client.get("/en/").status_code == 200


@pytest.mark.req("R110")
@pytest.mark.usefixtures("_looks")
def test_a_journal_that_cannot_be_trusted_stops_everything(installation, settings, client, caplog):
    with acting_as(duty=PORTAL):
        begun = erasure.start(SubjectFactory(), "child")
    erasure.erase(begun.pk)
    journal.path().write_bytes(journal.path().read_bytes().replace(b"child", b"chile"))
    journal.path().write_bytes(b"{}\n" + journal.path().read_bytes())

    assert client.get("/en/").status_code == 503
    assert "journal of erasures cannot be read" in caplog.text
    with pytest.raises(CommandError, match="Line 1 of the journal"):
        command("privacy_replay")


@pytest.mark.usefixtures("_looks")
def test_looking_is_not_done_for_each_request(installation, client, settings):
    settings.ERASURES_CHECKED_EVERY = 60
    serving.look()
    known = serving._known

    client.get("/en/")

    assert serving._known is known


@pytest.mark.usefixtures("_looks")
def test_migrate_and_check_name_the_command(installation):
    with acting_as(duty=PORTAL):
        begun = erasure.start(SubjectFactory(), "child")
    erasure.erase(begun.pk)
    Subject.objects.update(erased_at=None)

    found = [one for one in run_checks(databases=["default"]) if one.id == "tmgportal.W001"]
    assert [one.hint for one in found] == ["Run: manage.py privacy_replay"]
