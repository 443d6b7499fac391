import errno
import hashlib
import io
import json
import logging
import os
import signal
import stat
import subprocess
import sys
import textwrap

import pyrage
import pytest
import pyzipper
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from privacy.handover import bundle, passwords

from .sealed import ROWS, TOKEN, Recipient, changed, load_program, tool

pytestmark = pytest.mark.req("R061")

once = effort(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@pytest.fixture
def recipient(tmp_path):
    return Recipient(tmp_path)


def inner(recipient, data):
    """The ZIP inside of a bundle."""
    return io.BytesIO(pyrage.decrypt(data, [recipient.identity]))


def run_elsewhere(code, *arguments, **options):
    """Run `code` in a process of its own, with Django's settings as here."""
    script = "import django; django.setup()\n" + textwrap.dedent(code)
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_a_bundle_opens_with_age_and_then_with_7_zip(recipient):
    path = recipient.arrived(recipient.sealed())

    archive = recipient.folder / "E-000001.zip"
    opened = tool("age", "-d", "-i", recipient.key, "-o", archive, path)
    unpacked = tool("7z", "x", f"-p{recipient.password}", f"-o{recipient.folder / 'out'}", archive)

    assert (opened.returncode, unpacked.returncode) == (0, 0), unpacked.stdout
    assert (recipient.folder / "out/operators.csv").read_bytes() == ROWS


def test_key_and_password_are_both_needed(recipient):
    path, archive = recipient.arrived(recipient.sealed()), recipient.folder / "E-000001.zip"
    stranger = recipient.folder / "stranger.txt"
    stranger.write_text(f"{pyrage.x25519.Identity.generate()}\n")

    assert tool("age", "-d", "-i", stranger, "-o", archive, path).returncode == 1
    assert not archive.exists()
    assert tool("7z", "t", f"-p{recipient.password}", path).returncode == 2
    assert tool("age", "-d", "-i", recipient.key, "-o", archive, path).returncode == 0
    assert tool("7z", "t", f"-p{passwords.new()}", archive).returncode == 2
    assert tool("7z", "t", f"-p{recipient.password}", archive).returncode == 0


def test_another_library_opens_it_and_finds_aes_256(recipient):
    with pyzipper.AESZipFile(inner(recipient, recipient.sealed())) as archive:
        assert {info.wz_aes_strength for info in archive.infolist()} == {3}
        with pytest.raises(RuntimeError, match="Bad password"):
            archive.read("operators.csv", pwd=b"A" * 32)
        assert archive.read("operators.csv", pwd=recipient.password.encode()) == ROWS


@pytest.mark.parametrize("part", ["first", "mac", "nonce", "middle", "last"])
def test_age_refuses_a_changed_file(recipient, part):
    data = recipient.sealed([("operators.csv", [os.urandom(200_000)])])
    position = {
        "first": 0,
        "mac": data.index(b"\n---") + 10,
        "nonce": data.index(b"\n", data.index(b"\n---") + 1) + 3,
        "middle": len(data) // 2,
        "last": len(data) - 1,
    }[part]
    for by in (1, None):
        path = recipient.arrived(changed(data, position, by))
        assert tool("age", "-d", "-i", recipient.key, path).returncode == 1


@once
@given(where=st.integers(min_value=0), by=st.sampled_from([None, 1, 0x20, 0x80]))
def test_a_changed_or_missing_byte_anywhere_is_refused(recipient, where, by):
    data = recipient.sealed([("operators.csv", [os.urandom(70_000)])])

    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(changed(data, where % len(data), by), [recipient.identity])


def test_what_went_wrong_while_reading_rows_is_raised_as_it_is(recipient):
    class RowGone(Exception):
        pass

    def rows():
        yield ROWS
        raise RowGone

    with pytest.raises(RowGone), bundle.new_file(recipient.folder / "E.zip.age") as file:
        write(file, recipient, rows())

    assert list(recipient.folder.glob("*E.zip*")) == []


def write(file, recipient, chunks):
    return bundle.write(
        file, [("operators.csv", chunks)], manifest=dict, password=recipient.password, public_key=recipient.public_key
    )


class FullDisk(io.BytesIO):
    """A file on a disk with `room` for so many bytes."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def write(self, data):
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


@once
@given(size=st.sampled_from([0, 70_000, 200_000]), room=st.integers(0, 200_000))
def test_a_disk_that_is_full_at_any_byte_is_an_error(recipient, size, room):
    """Also at the last bytes, of which the library itself says nothing."""
    with pytest.raises(OSError, match="No space left"):
        write(FullDisk(min(room, size)), recipient, [os.urandom(size)])


def test_a_file_that_may_not_grow_leaves_nothing(recipient):
    """The system itself refuses at 100,000 bytes, whatever is buffered where."""
    process = run_elsewhere(
        """
        import os, resource, signal, sys
        from privacy.handover import bundle
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        path, key = sys.argv[1:]
        chunks = (os.urandom(10_000) for _chunk in range(100))
        with bundle.new_file(path) as file:
            bundle.write(file, [("a.csv", chunks)], manifest=dict, password="A" * 32, public_key=key)
        """,
        recipient.folder / "E.zip.age",
        recipient.public_key,
    )
    _out, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert b"OSError: [Errno 27] File too large" in errors
    assert list(recipient.folder.glob("*E.zip*")) == []


def test_a_killed_build_leaves_only_sealed_bytes_without_a_name(recipient):
    process = run_elsewhere(
        """
        import sys
        from privacy.handover import bundle
        path, key, token = sys.argv[1:]
        def chunks():
            while True:
                yield token.encode() * 1000
                print("more", flush=True)
        with bundle.new_file(path) as file:
            bundle.write(file, [("a.csv", chunks())], manifest=dict, password="A" * 32, public_key=key)
        """,
        recipient.folder / "E.zip.age",
        recipient.public_key,
        TOKEN,
    )
    for _chunk in range(20_000):
        process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)

    assert process.returncode == -signal.SIGKILL
    (left,) = recipient.folder.glob("*E.zip*")
    assert left.name.endswith(bundle.PARTIAL)
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert left.stat().st_size > 0
    assert TOKEN.encode() not in left.read_bytes()
    assert bundle.sweep(recipient.folder) == 0
    assert bundle.sweep(recipient.folder, older_than=-1) == 1
    assert not left.exists()


def test_nothing_at_all_is_written_but_the_target(recipient):
    """In a process that may not write a single byte to a file, the bundle goes out through a pipe."""
    process = run_elsewhere(
        """
        import os, resource, sys
        from privacy.handover import bundle
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        chunks = (os.urandom(10_000) for _chunk in range(300))
        files = [("a.csv", chunks)]
        bundle.write(sys.stdout.buffer, files, manifest=dict, password=sys.argv[2], public_key=sys.argv[1])
        """,
        recipient.public_key,
        recipient.password,
    )
    data, errors = process.communicate(timeout=60)

    assert (process.returncode, errors) == (0, b"")
    with pyzipper.AESZipFile(inner(recipient, data)) as archive:
        assert len(archive.read("a.csv", pwd=recipient.password.encode())) == 3_000_000


def test_nothing_readable_is_in_the_file_or_the_log(recipient, caplog):
    caplog.set_level(logging.DEBUG)

    data = recipient.sealed(manifest={"note": TOKEN})

    assert TOKEN.encode() not in data
    assert TOKEN not in caplog.text
    assert recipient.password.encode() not in data
    assert recipient.password not in caplog.text


def test_a_file_gets_its_name_when_it_is_whole_and_only_its_owner_reads_it(recipient):
    path = recipient.folder / "waiting/E.zip.age"

    with bundle.new_file(path) as file:
        write(file, recipient, [ROWS])
        assert not path.exists()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["E.zip.age"]


def test_size_and_digest_are_those_of_the_file(recipient):
    file = io.BytesIO()

    sealed = write(file, recipient, [ROWS])

    assert sealed.size == len(file.getvalue())
    assert sealed.sha256 == hashlib.sha256(file.getvalue()).hexdigest()


@pytest.mark.req("R067")
def test_the_manifest_lists_each_file_and_says_there_is_no_right_to_share(recipient):
    data = recipient.sealed([("a.csv", [b"one", b"two"]), ("b.csv", [])], manifest={"rows": 2})

    with pyzipper.AESZipFile(inner(recipient, data)) as archive:
        manifest = json.loads(archive.read(bundle.MANIFEST, pwd=recipient.password.encode()))

    assert manifest["rows"] == 2
    assert manifest["files"] == [
        {"name": "a.csv", "size": 6, "sha256": hashlib.sha256(b"onetwo").hexdigest()},
        {"name": "b.csv", "size": 0, "sha256": hashlib.sha256(b"").hexdigest()},
    ]
    assert "no right of your own" in manifest["terms"]["en"]
    assert "独自の権利はありません" in manifest["terms"]["ja"]


def test_the_manifest_is_made_after_the_last_row(recipient):
    counted = []

    def chunks():
        for number in range(3):
            counted.append(number)
            yield b"row\r\n"

    file = io.BytesIO()
    sealed = bundle.write(
        file,
        [("a.csv", chunks())],
        manifest=lambda: {"rows": len(counted)},
        password=recipient.password,
        public_key=recipient.public_key,
    )

    assert sealed.manifest["rows"] == 3


@pytest.mark.parametrize(
    "key",
    [
        "",
        "age1",
        "ssh-ed25519 AAAA",
        # A letter changed, and a key whose secret everybody shares.
        "age194jm539n5nhze6zx2gfjqvx69kp80vqr2mg75vc99tradusj2yrsuatgfq",
        load_program().bech32("age", bytes(32)),
    ],
)
def test_what_is_no_key_of_a_recipient_is_refused(recipient, key):
    with pytest.raises(bundle.BadKey):
        bundle.fingerprint(key)
    with pytest.raises(bundle.BadKey):
        bundle.write(io.BytesIO(), [], manifest=dict, password=recipient.password, public_key=key)


def test_a_password_has_160_random_bits_and_is_read_out_in_fours():
    password = passwords.new()

    assert len(password) == 32
    assert set(password) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert passwords.spoken(password).split(" ") == [password[at : at + 4] for at in range(0, 32, 4)]
    assert passwords.new() != password
