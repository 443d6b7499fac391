"""One sealed file of all that must survive a disaster: database, photos, hand-overs (R151, docs/adr/0017).

It is a tar inside age (X25519), written and read as a stream: nothing unsealed touches the disk, and `age` and `tar`
open it where this code is lost. Its public half seals it; a signature that needs the private half says that it is
one of ours (docs/adr/0023). The journal is not in it: it knows whom a restored backup has to forget again (R110).
"""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import environ
import psycopg
import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from privacy.acting import PORTAL
from privacy.erasure import journal
from privacy.handover.bundle import PARTIAL, new_file
from tmgportal import health, stack

SUFFIX = ".tar.age"
UNVERIFIED = ".unverified"
NAME = "portal-%Y%m%dT%H%M%SZ" + SUFFIX
# Of format 1 nothing is signed.
FORMAT, READABLE = 2, (1, 2)
MANIFEST, SIGNATURE = "manifest.json", "manifest.hmac"
DUMP = "database/"
CHUNK, PART, BLOCK = 1 << 20, 8 << 20, tarfile.BLOCKSIZE

# Whose rows the portal itself could not read would be missing without a word. A policy lets the portal read, or asks
# another table, whose own policy does.
UNREADABLE = """
    SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND NOT EXISTS (
        SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.cmd IN ('SELECT', 'ALL')
        AND (p.qual LIKE %s OR p.qual LIKE '%%SELECT%%' AND p.qual NOT LIKE '%%current_setting%%'))
"""
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
# What new tables would be granted by default would be added to what the dump grants; the dump ends with these defaults.
BEFORE = """
    BEGIN;
    SET lock_timeout = '10s';
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
    ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER REVOKE ALL ON TABLES FROM portal_app;
    ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER REVOKE ALL ON SEQUENCES FROM portal_app;
"""


ALTERED = "It was altered or cut, or another BACKUP_KEY seals it."
UNSIGNED = (
    "It is not signed: whoever knows the public half of BACKUP_KEY could have made it. If you know that it is one of "
    "ours, made before backups were signed, say --unsigned."
)
FORGED = "Its signature is wrong: it was not made with BACKUP_KEY."


class BackupError(Exception):
    """What stands in the way, in words for whoever runs the command. Nothing was changed unless it says so."""


def key():
    """The identity that opens backups; its public half seals them."""
    try:
        return pyrage.x25519.Identity.from_str(settings.BACKUP_KEY)
    except pyrage.IdentityError as error:
        raise ImproperlyConfigured("BACKUP_KEY must be an age identity: AGE-SECRET-KEY-1…") from error


def _signature(manifest):
    """What only whoever has the private half of the key can write beside these bytes of a manifest, which holds the
    digests of everything else."""
    secret = HKDF(hashes.SHA256(), 32, salt=None, info=b"tmgportal backup signature").derive(str(key()).encode())
    return hmac.digest(secret, manifest, "sha256").hex().encode()


# ---- making ----


def make(folder):
    """Write a backup into `folder` and read it back. Returns (its path, the manifest). Raises `BackupError`."""
    if not Path(folder).is_dir():
        raise BackupError(f"{folder} is no folder.")
    _sees_everything()
    identity, made_at = key(), datetime.now(UTC)
    path = Path(folder) / made_at.strftime(NAME)
    unverified = path.with_name(path.name + UNVERIFIED)
    with new_file(unverified) as file:
        _write(file, _members(made_at), identity.to_public())
    try:
        manifest = check(unverified)
    except BackupError:
        unverified.unlink()
        raise
    unverified.rename(path)
    return path, manifest


def outdated(folder):
    """The backups in `folder` that are older than the time that erased people are promised (R110)."""
    until = datetime.now(UTC) - timedelta(days=settings.BACKUP_DAYS)
    return sorted(path for path in Path(folder).glob(f"portal-*{SUFFIX}") if path.name < until.strftime(NAME))


def _sees_everything():
    with _as_owner() as database:
        hidden = [name for (name,) in database.execute(UNREADABLE, [f"%'{PORTAL}'%"])]
    if hidden:
        raise BackupError(f"The rows of these tables could not be read: {', '.join(hidden)}")


def _members(made_at) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Yields (name, size, chunks). The manifest follows the rest, because it knows the digests, and is signed."""
    listed = {"format": FORMAT, "made_at": made_at.isoformat(), "migrations": _migrations(), "files": []}
    dump = _Digest()
    for number, part in enumerate(_dump(), start=1):
        dump.add(part)
        yield f"{DUMP}{number:06}", len(part), iter([part])
    listed["database"] = dump.entry
    for name, path in _files():
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # Deleted since the dump began, and with it the row that a restore would bring back.
        with file:
            size, digest = os.fstat(file.fileno()).st_size, _Digest()
            yield name, size, digest.through(_exactly(file, size))
        listed["files"].append({"name": name} | digest.entry)
    try:
        listed["journal"] = journal.head()._asdict()
    except journal.JournalBroken as error:
        raise BackupError(f"Line {error.args[0]} of the journal of erasures was altered or taken out.") from error
    text = json.dumps(listed, indent=1).encode()
    for name, content in ((MANIFEST, text), (SIGNATURE, _signature(text))):
        yield name, len(content), iter([content])


def _dump():
    """The dump of one snapshot, whatever is written meanwhile, in parts."""
    with _program("pg_dump", "--format=custom", "--enable-row-security", stdout=subprocess.PIPE) as process:
        while part := process.stdout.read(PART):
            yield part


def _files():
    for name, root in _roots().items():
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix not in (PARTIAL, ".partial"):
                yield f"{name}/{path.relative_to(root)}", path


def _roots():
    return {"media": Path(settings.MEDIA_ROOT), "handover": Path(settings.HANDOVER_DIR)}


def _exactly(file, size):
    while size:
        chunk = file.read(min(size, CHUNK))
        if not chunk:
            raise BackupError(f"{file.name} became shorter while it was read.")
        size -= len(chunk)
        yield chunk


def _migrations():
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


class _Digest:
    """Size and SHA-256 of what passes."""

    def __init__(self):
        self.size, self.sha256 = 0, hashlib.sha256()

    def add(self, chunk):
        self.size += len(chunk)
        self.sha256.update(chunk)

    def through(self, chunks):
        for chunk in chunks:
            self.add(chunk)
            yield chunk

    @property
    def entry(self):
        return {"size": self.size, "sha256": self.sha256.hexdigest()}


def _write(file, members, recipient):
    source = _Source(_packed(members))
    try:
        pyrage.encrypt_io(source, file, [recipient])
    except pyrage.EncryptError:
        if source.error:
            raise source.error from None
        raise
    finally:
        source.chunks.close()


def _packed(members):
    """Yields the tar."""
    for name, size, chunks in members:
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(time.time())
        yield header.tobuf(tarfile.PAX_FORMAT)
        yield from chunks
        if size % BLOCK:
            yield bytes(BLOCK - size % BLOCK)
    yield bytes(2 * BLOCK)


class _Source:
    """The generator `chunks` as age reads it, which would turn an error of ours into a text."""

    def __init__(self, chunks):
        self.chunks, self.rest, self.error = chunks, memoryview(b""), None

    def read(self, size):
        try:
            while not self.rest:
                self.rest = memoryview(next(self.chunks, b""))
                if not self.rest:
                    return b""
        except Exception as error:
            self.error = error
            raise
        part, self.rest = self.rest[:size], self.rest[size:]
        return bytes(part)


# ---- reading ----


def check(path, *, unsigned=False):
    """Read the whole backup at `path`, and the dump in it with the program that restores. Returns its manifest.

    With `unsigned` also one that nobody signed; a wrong signature is always refused. Raises `BackupError`.
    """
    texts, database, found = {}, _Digest(), []
    with _opened(path) as tar, _program("pg_restore", "--file", os.devnull, stdin=subprocess.PIPE) as reader:
        for member in tar:
            if member.name in (MANIFEST, SIGNATURE):
                texts[member.name] = b"".join(_chunks(tar, member))
                continue
            digest = database if member.name.startswith(DUMP) else _Digest()
            for chunk in digest.through(_chunks(tar, member)):
                if digest is database:
                    reader.stdin.write(chunk)
            if digest is not database:
                found.append({"name": member.name} | digest.entry)
        if MANIFEST not in texts:
            raise BackupError("It ends too early.")
        if not (SIGNATURE in texts or unsigned):
            raise BackupError(UNSIGNED)
        if SIGNATURE in texts and not hmac.compare_digest(texts[SIGNATURE], _signature(texts[MANIFEST])):
            raise BackupError(FORGED)
        manifest = json.loads(texts[MANIFEST])
    if manifest["format"] not in READABLE:
        raise BackupError(f"Its format {manifest['format']} is not known.")
    if (manifest["database"], manifest["files"]) != (database.entry, found):
        raise BackupError("Its content is not what its manifest says.")
    return manifest


@contextmanager
def _opened(path):
    """The tar in a backup, as a stream."""
    identity = key()
    out, into = os.pipe()

    def decrypt():
        with open(into, "wb") as sink, Path(path).open("rb") as source:
            pyrage.decrypt_io(source, sink, [identity])

    with ThreadPoolExecutor(1) as thread, open(out, "rb") as file:
        decrypting = thread.submit(decrypt)
        try:
            with tarfile.open(fileobj=file, mode="r|") as tar:
                yield tar
        except (tarfile.TarError, json.JSONDecodeError, BackupError) as error:
            if _broke(decrypting, file):
                raise BackupError(ALTERED) from error
            if isinstance(error, BackupError):
                raise
            raise BackupError(f"It cannot be read: {error}") from error
        if _broke(decrypting, file):
            raise BackupError(ALTERED)


def _broke(decrypting, file):
    """Whether age refuses a part of it; it has not said yes before its last byte."""
    while file.read(CHUNK):
        pass
    return decrypting.exception() is not None


def _chunks(tar, member):
    file = tar.extractfile(member)
    while chunk := file.read(CHUNK):
        yield chunk


# ---- restoring ----


def restore(path, *, replace=False, unsigned=False, journal_lost=False):
    """Put the backup at `path` in place of an empty installation, or with `replace` of what is there.

    All of it is read and checked before anything is touched; the database changes in one transaction. `unsigned` as for
    `check`; `journal_lost` restores although the journal of erasures is not what it was that day. Returns the manifest.
    Raises `BackupError`.
    """
    # What is checked is what is restored, whoever may write to the folder of backups. It is sealed, so the copy tells
    # nothing.
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        copy = Path(folder) / Path(path).name
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
        return _restore(copy, replace=replace, unsigned=unsigned, journal_lost=journal_lost)


def _restore(path, *, replace, unsigned, journal_lost):
    manifest = check(path, unsigned=unsigned)
    if not journal_lost and "journal" in manifest:
        _journal_must_reach(journal.Head(**manifest["journal"]))
    unknown = {tuple(one) for one in manifest["migrations"]} - health.migrations_of_this_code()
    if unknown:
        raise BackupError(f"It was made by a newer portal, which had {'.'.join(min(unknown))}.")
    connections.close_all()
    if not replace:
        _must_be_empty()
    with _opened(path) as tar:
        member = _restore_database(tar, manifest["database"])
        for root in _roots().values():
            _clear(root)
        while member:
            _restore_file(tar, member)
            member = tar.next()
    return manifest


def _journal_must_reach(head):
    """Else erased people would come back, and nothing would tell of them (R110)."""
    try:
        if journal.reaches(head):
            return
        said = f"has {journal.head().entries} entries and is not the one that had {head.entries}"
    except journal.JournalBroken as error:
        said = f"was altered in line {error.args[0]}, which had {head.entries} entries"
    raise BackupError(
        f"The journal of erasures {journal.path()} {said} when this backup was made: people who were erased would come "
        "back unnoticed. Bring back its newest copy. Only if there is none, say --journal-lost."
    )


def _must_be_empty():
    with _as_owner() as database:
        [(tables,)] = database.execute(TABLES)
    if tables:
        raise BackupError("The database is not empty. To lose what it holds, say --replace.")
    for root in _roots().values():
        if root.exists() and any(path.is_file() for path in root.rglob("*")):
            raise BackupError(f"{root} is not empty. To lose what it holds, say --replace.")


def _restore_database(tar, checked):
    """Returns the first member after the dump. `checked` is the size and digest of the dump that was found good: the
    file may have been changed since."""
    digest = _Digest()
    quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with _program("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", **quiet) as psql:
        psql.stdin.write(BEFORE.encode())
        psql.stdin.flush()
        script = ("pg_restore", "--no-owner", "--file=-")
        with _program(*script, stdin=subprocess.PIPE, stdout=psql.stdin) as reader:
            while (member := tar.next()) and member.name.startswith(DUMP):
                for chunk in digest.through(_chunks(tar, member)):
                    reader.stdin.write(chunk)
        if digest.entry != checked:
            raise BackupError("It was changed while it was read.")
        # Not before the whole script was written: without this line all of it is undone.
        psql.stdin.write(b"COMMIT;\n")
    return member


def _clear(root):
    root.mkdir(parents=True, exist_ok=True)
    for path in root.iterdir():
        # The folder itself may be a volume.
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _restore_file(tar, member):
    kind, _slash, name = member.name.partition("/")
    if kind not in _roots():
        return
    root = _roots()[kind].resolve()
    path = (root / name).resolve()
    if root not in path.parents:
        raise BackupError(f"{member.name} would leave its folder.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for chunk in _chunks(tar, member):
            file.write(chunk)


# ---- the database, as its owner ----


def _owner():
    """The role that owns what is served, and the database that is served."""
    owner = environ.Env().db("DATABASE_OWNER_URL", default="")
    if not owner:
        raise BackupError("DATABASE_OWNER_URL must name the role that owns the database.")
    return owner | {"NAME": connection.settings_dict["NAME"]}


@contextmanager
def _as_owner():
    owner = _owner()
    try:
        database = psycopg.connect(
            host=owner["HOST"],
            port=owner["PORT"] or 5432,
            user=owner["USER"],
            password=owner["PASSWORD"],
            dbname=owner["NAME"],
        )
    except psycopg.OperationalError as error:
        raise BackupError(f"The database does not answer: {error}") from error
    with database:
        yield database


@contextmanager
def _program(name, *arguments, **streams):
    """A program of PostgreSQL at work on the database. Raises `BackupError` when it fails."""
    owner = _owner()
    environment = os.environ | {
        "PGHOST": owner["HOST"],
        "PGPORT": str(owner["PORT"] or 5432),
        "PGUSER": owner["USER"],
        "PGPASSWORD": owner["PASSWORD"],
        "PGDATABASE": owner["NAME"],
        # Row-level security binds the owner too: in the duty of the portal it sees every row.
        "PGOPTIONS": f"-c app.duty={PORTAL}",
        "LC_ALL": "C.UTF-8",
    }
    with (
        subprocess.Popen(
            [stack.programs() / "bin" / name, *arguments], env=environment, stderr=subprocess.PIPE, **streams
        ) as process,
        ThreadPoolExecutor(1) as thread,
    ):
        said = thread.submit(process.stderr.read)
        try:
            yield process
            with suppress(BrokenPipeError):
                if process.stdin:
                    process.stdin.close()
        except BrokenPipeError:
            pass  # It has ended, and says why.
        except BaseException:
            process.kill()
            raise
        if process.wait():
            raise BackupError(f"{name} failed:\n{said.result().decode(errors='replace')[-2000:]}")
