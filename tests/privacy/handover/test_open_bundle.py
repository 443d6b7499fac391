import ast
import csv
import hashlib
import io
import json
import os
import pty
import re
import stat
import subprocess
import sys
import zipfile

import pyrage
import pytest
import pyzipper
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from privacy.handover import bundle, passwords, signatures, tables
from tmgportal import stack

from .sealed import PROGRAM, ROWS, TOKEN, Recipient, changed, load_program, tool

pytestmark = pytest.mark.req("R061")

program = load_program()
many = effort(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def recipient(tmp_path):
    return Recipient(tmp_path)


@pytest.fixture
def opening(recipient, monkeypatch, capsys):
    """`opening(path, …)` runs the command `open`; gives (how it ended, what it said)."""

    def run(path, *, password=None, key=None, options=()):
        monkeypatch.setattr("getpass.getpass", lambda _prompt: password or recipient.password)
        arguments = ["open", path, "--key", key or recipient.key, "--signers", recipient.signers, *options]
        ended = program.main([str(argument) for argument in arguments])
        output = capsys.readouterr()
        return ended, output.out + output.err

    return run


def left(recipient):
    """What is in the recipient's folder beside the files that arrived."""
    arrived = re.compile(r"key\.txt|allowed_signers|.*\.age(\.sig)?")
    return sorted(path.name for path in recipient.folder.iterdir() if not arrived.fullmatch(path.name))


def refused(recipient, opened, why):
    """Whether it said so in both languages and left nothing."""
    ended, said = opened
    assert ended == 1
    assert why in said
    assert re.search("[ぁ-ん]", said)
    assert left(recipient) == []
    return True


def around(recipient, archive):
    """A ZIP as a bundle: inside of age, and signed."""
    return recipient.arrived(pyrage.encrypt(archive, [recipient.identity.to_public()]))


def zipped(recipient, members, manifest=None):
    """A ZIP by another library; `manifest` as it should be unless given."""
    target = io.BytesIO()
    listed = [{"name": n, "size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in members]
    with pyzipper.AESZipFile(target, "w", zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(recipient.password.encode())
        for name, content in members:
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest or {"files": listed}))
    return target.getvalue()


def test_it_opens_a_bundle(recipient, opening):
    path = recipient.arrived(recipient.sealed(manifest={"number": "E-000001", "purpose": "委託"}))

    ended, said = opening(path)

    folder = recipient.folder / "E-000001"
    assert ended == 0, said
    assert (folder / "operators.csv").read_bytes() == ROWS
    assert json.loads((folder / "manifest.json").read_bytes())["number"] == "E-000001"
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert left(recipient) == ["E-000001"]
    assert 'purpose: "委託"' in said


def test_it_runs_without_the_portal_and_asks_for_the_password_unseen(recipient):
    """As a recipient runs it: alone, at a terminal, with the password as it was read out."""
    path = recipient.arrived(recipient.sealed())
    typed = passwords.spoken(recipient.password).lower()
    command = [sys.executable, "-I", "-W", "error", PROGRAM, "open", path]
    command += ["--key", recipient.key, "--signers", recipient.signers]
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(part) for part in command], cwd="/", stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen = b""
    while not seen.endswith("パスワード: ".encode()):
        seen += os.read(terminal, 1000)
    os.write(terminal, f"{typed}\n".encode())
    try:
        while part := os.read(terminal, 1000):
            seen += part
    except OSError:
        # How a terminal says that the other side has gone.
        pass
    os.close(terminal)

    assert process.wait(timeout=60) == 0, seen.decode()
    assert typed not in seen.decode()
    assert (recipient.folder / "E-000001/operators.csv").read_bytes() == ROWS


def test_it_imports_nothing_but_python_and_cryptography():
    imported = set()
    for node in ast.walk(ast.parse(PROGRAM.read_text())):
        if isinstance(node, ast.Import):
            imported |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.partition(".")[0])

    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_its_checksum_is_published_beside_it():
    checksum = PROGRAM.with_name(f"{PROGRAM.name}.sha256").read_text()

    # Else: cd static/handover && sha256sum open_bundle.py > open_bundle.py.sha256
    assert checksum == f"{hashlib.sha256(PROGRAM.read_bytes()).hexdigest()}  {PROGRAM.name}\n"


def test_nothing_is_written_over(recipient, opening):
    path = recipient.arrived(recipient.sealed())
    (recipient.folder / "E-000001").mkdir()
    (recipient.folder / "E-000001/mine").write_text("mine")

    ended, said = opening(path)
    assert (ended, "is there already" in said) == (1, True)
    assert (recipient.folder / "E-000001/mine").read_text() == "mine"
    ended, _said = opening(path, options=["--to", recipient.folder / "second"])
    assert ended == 0
    assert left(recipient) == ["E-000001", "second"]


def test_another_password_is_refused(recipient, opening):
    path = recipient.arrived(recipient.sealed())

    assert refused(recipient, opening(path, password=passwords.new()), "The password is wrong")


def test_another_key_is_refused(recipient, opening):
    path = recipient.arrived(recipient.sealed())
    other = recipient.folder / "other-key.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))

    ended, said = opening(path, key=other)

    assert (ended, "another key than yours" in said) == (1, True)
    assert left(recipient) == ["other-key.txt"]


@pytest.mark.parametrize("content", ["", "AGE-SECRET-KEY-1NONSENSE", "鍵", "age1abc"])
def test_what_is_no_key_file_is_named(recipient, opening, content):
    path = recipient.arrived(recipient.sealed())
    recipient.key.write_text(content)

    assert refused(recipient, opening(path), "key")


@many
@given(where=st.integers(min_value=0), by=st.sampled_from([None, 1, 0x20, 0x80]))
def test_a_changed_or_missing_byte_anywhere_is_refused_by_the_signature(recipient, opening, where, by):
    data = recipient.sealed()
    path = recipient.arrived(data)
    path.write_bytes(changed(data, where % len(data), by))

    assert refused(recipient, opening(path), "The signature does not match")


@many
@given(where=st.integers(min_value=0), by=st.sampled_from([None, 1, 0x20, 0x80]), size=st.sampled_from([0, 70_000]))
def test_a_changed_or_missing_byte_anywhere_is_refused_by_age_as_well(recipient, opening, where, by, size):
    """As if whoever altered it could sign."""
    data = recipient.sealed([("a.csv", [os.urandom(size)])])
    path = recipient.arrived(changed(data, where % len(data), by))

    assert refused(recipient, opening(path), "Nothing was opened")


@pytest.mark.parametrize("by", [None, 1, 0x20, 0x80])
def test_no_byte_of_a_small_bundle_is_left_out(recipient, opening, by):
    """Every position once, also those of the header that no cipher covers."""
    data = recipient.sealed([("a.csv", [b""])])
    opened = []
    for where in range(len(data)):
        ended, _said = opening(recipient.arrived(changed(data, where, by)))
        opened += [where] if ended != 1 else []

    assert opened == []
    assert left(recipient) == []


@many
@given(where=st.integers(min_value=0), by=st.sampled_from([None, 1, 0x20, 0x80]))
def test_a_changed_zip_never_opens_as_anything_else(recipient, opening, where, by):
    """As if whoever altered it could sign and encrypt. Dates and the like are not protected in there."""
    archive = zipped(recipient, [("a.csv", ROWS)])
    path = around(recipient, changed(archive, where % len(archive), by))

    ended, said = opening(path, options=["--to", recipient.folder / "opened"])

    if ended == 0:
        assert (recipient.folder / "opened/a.csv").read_bytes() == ROWS
        for file in (recipient.folder / "opened").iterdir():
            file.unlink()
        (recipient.folder / "opened").rmdir()
    assert left(recipient) == []
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "a/b",
        "..",
        ".hidden",
        "C:evil",
        "a\\b",
        "con",
        "NUL.txt",
        "名前.csv",
        "a.",
        "-rf",
        "a b",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(recipient, opening, name):
    path = around(recipient, zipped(recipient, [(name, b"evil")]))

    assert refused(recipient, opening(path), "Nothing was opened")


def test_two_files_of_one_name_are_refused(recipient, opening):
    path = around(recipient, zipped(recipient, [("a.csv", b"one"), ("A.csv", b"two")]))

    assert refused(recipient, opening(path), "altered")


def test_a_bomb_is_refused_before_it_goes_off(recipient, opening):
    path = around(recipient, zipped(recipient, [("a.csv", bytes(3_000_000))]))

    assert refused(recipient, opening(path, options=["--largest", 1_000_000]), "larger than 1000000")


def test_a_bomb_that_lies_about_its_size_is_refused(recipient, opening):
    archive = zipped(recipient, [("a.csv", bytes(3_000_000))])
    size = (3_000_000).to_bytes(4, "little")
    assert archive.count(size) == 2
    path = around(recipient, archive.replace(size, (1000).to_bytes(4, "little")))

    assert refused(recipient, opening(path, options=["--largest", 1_000_000]), "altered")


@pytest.mark.parametrize(
    "manifest",
    [
        {"files": []},
        {"files": [{"name": "a.csv", "size": 3, "sha256": "0" * 64}]},
        {"files": [{"name": "b.csv", "size": 3, "sha256": hashlib.sha256(b"one").hexdigest()}]},
        {"files": "nonsense"},
        ["nonsense"],
        {"nonsense": 1},
    ],
)
def test_files_that_the_manifest_does_not_list_are_refused(recipient, opening, manifest):
    path = around(recipient, zipped(recipient, [("a.csv", b"one")], manifest))

    assert refused(recipient, opening(path), "altered")


def test_a_zip_without_password_is_refused(recipient, opening):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("manifest.json", '{"files": []}')

    assert refused(recipient, opening(around(recipient, target.getvalue())), "altered")


def test_a_disk_that_fills_up_leaves_nothing(recipient):
    """The system refuses to write more than 50,000 bytes of the 200,000 inside."""
    path = recipient.arrived(recipient.sealed([("a.csv", [b"x" * 200_000])]))
    code = (
        "import importlib.util, getpass, resource, signal, sys\n"
        "spec = importlib.util.spec_from_file_location('open_bundle', sys.argv[1])\n"
        "program = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(program)\n"
        "getpass.getpass = lambda _prompt: sys.argv[2]\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "sys.exit(program.main(sys.argv[3:]))\n"
    )
    command = [sys.executable, "-c", code, PROGRAM, recipient.password, "open", path]
    command += ["--key", recipient.key, "--signers", recipient.signers]

    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=60)

    assert done.returncode == 1
    assert b"File too large" in done.stderr
    assert left(recipient) == []


def test_a_signature_by_somebody_else_is_refused(recipient, opening, settings):
    trusted, data = signatures.allowed_signers(), recipient.sealed()
    settings.EXPORT_SIGNING_KEY = stack.random_seed()
    path = recipient.arrived(data)
    recipient.signers.write_text(trusted)

    assert refused(recipient, opening(path), "not in your list")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "somebody namespaces={ours} {key}",
        'handover@tmgportal namespaces="git" {key}',
        'handover@tmgportal cert-authority,namespaces="handover@tmgportal" {key}',
    ],
)
def test_only_who_is_trusted_with_hand_overs_may_sign(recipient, opening, line):
    path = recipient.arrived(recipient.sealed())
    recipient.signers.write_text(line.format(ours=f'"{signatures.NAME}"', key=signatures.public_line()))

    assert refused(recipient, opening(path), "not in your list")


def test_without_signature_or_list_nothing_is_opened(recipient, opening):
    path = recipient.arrived(recipient.sealed())
    signature = path.with_name(f"{path.name}.sig")
    text = signature.read_text()

    signature.write_text("nonsense")
    assert refused(recipient, opening(path), "does not match")
    signature.unlink()
    assert refused(recipient, opening(path), "Cannot read the signature")
    signature.write_text(text)
    recipient.signers.unlink()
    assert refused(recipient, opening(path), "the list of keys that may sign")


def test_it_checks_a_signature_made_by_openssh(recipient, capsys):
    tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", recipient.folder / "ours")
    path = recipient.arrived(recipient.sealed())
    path.with_name(f"{path.name}.sig").unlink()
    tool("ssh-keygen", "-Y", "sign", "-f", recipient.folder / "ours", "-n", signatures.NAME, path)
    public = (recipient.folder / "ours.pub").read_text()
    recipient.signers.write_text(f'{signatures.NAME} namespaces="{signatures.NAME}" {public}')

    assert program.main(["verify", str(path), "--signers", str(recipient.signers)]) == 0
    assert "The signature is right" in capsys.readouterr().out
    path.write_bytes(path.read_bytes()[:-1])
    assert program.main(["verify", str(path), "--signers", str(recipient.signers)]) == 1
    assert "署名が一致しません" in capsys.readouterr().err


@many
@given(size=st.sampled_from([0, 1, 65_535, 65_536, 65_537, 131_072]) | st.integers(0, 300_000))
def test_it_reads_what_others_encrypt_with_age(recipient, size):
    content = os.urandom(size)
    data = pyrage.encrypt(content, [pyrage.x25519.Identity.generate().to_public(), recipient.identity.to_public()])

    age = program.Age(io.BytesIO(data), program.read_key(recipient.key))

    age.check()
    assert age.read() == content


@pytest.mark.parametrize("size", [0, 65_536, 100_000])
def test_it_reads_what_the_age_program_encrypts(recipient, size):
    content = os.urandom(size)
    sealed = tool("age", "-r", recipient.public_key, input=content).stdout

    assert program.Age(io.BytesIO(sealed), program.read_key(recipient.key)).read() == content


@pytest.mark.parametrize("method", ["Copy", "Deflate"])
def test_it_reads_what_7_zip_packs(recipient, opening, method):
    (recipient.folder / "a.csv").write_bytes(ROWS)
    listed = [{"name": "a.csv", "size": len(ROWS), "sha256": hashlib.sha256(ROWS).hexdigest()}]
    (recipient.folder / "manifest.json").write_text(json.dumps({"files": listed}))
    archive = recipient.folder / "inner.zip"
    how = ["a", "-tzip", "-mem=AES256", f"-mm={method}", f"-p{recipient.password}"]
    assert tool("7z", *how, archive, recipient.folder / "a.csv", recipient.folder / "manifest.json").returncode == 0

    ended, said = opening(around(recipient, archive.read_bytes()), options=["--to", recipient.folder / "opened"])

    assert ended == 0, said
    assert (recipient.folder / "opened/a.csv").read_bytes() == ROWS


def test_the_keys_it_makes_are_those_of_age(recipient, capsys):
    key = recipient.folder / "new.txt"

    assert program.main(["keys", "--key", str(key)]) == 0

    said = capsys.readouterr().out
    (public_key,) = re.findall(r"^  (age1\w+)$", said, re.MULTILINE)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert tool("age-keygen", "-y", key).stdout.decode().strip() == public_key
    assert bundle.fingerprint(public_key) in said
    secret = key.read_text().splitlines()[-1]
    assert str(pyrage.x25519.Identity.from_str(secret).to_public()) == public_key
    assert secret not in said


def test_a_key_is_made_in_the_folder_one_works_in_and_nowhere_else(recipient, monkeypatch):
    working = recipient.folder / "working"
    working.mkdir()
    monkeypatch.chdir(working)
    beside = set(PROGRAM.parent.iterdir())

    assert program.main(["keys"]) == 0

    (made,) = working.iterdir()
    assert (made.name, stat.S_IMODE(made.stat().st_mode)) == ("handover-key.txt", 0o600)
    assert set(PROGRAM.parent.iterdir()) == beside


def test_a_key_is_never_written_over(recipient, capsys):
    key = recipient.folder / "new.txt"
    program.main(["keys", "--key", str(key)])
    before = key.read_text()

    assert program.main(["keys", "--key", str(key)]) == 1
    assert "既に鍵がある" in capsys.readouterr().err
    assert key.read_text() == before


def test_a_key_of_age_keygen_has_its_fingerprint_shown(recipient, capsys):
    key = recipient.folder / "other.txt"
    assert tool("age-keygen", "-o", key).returncode == 0

    assert program.main(["fingerprint", "--key", str(key)]) == 0

    said = capsys.readouterr().out
    (public_key,) = re.findall(r"^  (age1\w+)$", said, re.MULTILINE)
    assert public_key in key.read_text()
    assert bundle.fingerprint(public_key) in said


@many
@given(data=st.binary(min_size=32, max_size=32), where=st.integers(0, 61), letter=st.sampled_from(program.LETTERS))
def test_a_key_is_told_back_from_its_letters_and_a_wrong_letter_is_noticed(data, where, letter):
    text = program.bech32("age", data)

    assert program.unbech32("age", text) == data
    wrong = text[:where] + letter + text[where + 1 :]
    if wrong != text:
        with pytest.raises(ValueError, match="not a key"):
            program.unbech32("age", wrong)


def test_the_digest_to_confirm_is_that_of_the_file(recipient, capsys):
    path = recipient.arrived(recipient.sealed())

    assert program.main(["digest", str(path)]) == 0
    assert capsys.readouterr().out == f"{hashlib.sha256(path.read_bytes()).hexdigest()}  E-000001.zip.age\n"
    assert program.main(["digest", str(path.with_name("gone"))]) == 1
    assert "読み込めません" in capsys.readouterr().err


def test_nothing_of_what_is_inside_is_said(recipient, opening):
    _ended, said = opening(recipient.arrived(recipient.sealed()))

    assert TOKEN not in said
    assert recipient.password not in said


def test_a_table_for_shift_jis_names_every_character_that_is_lost(tmp_path, capsys):
    table = tmp_path / "operators.csv"
    table.write_bytes(b"".join(tables.csv(["name", "note"], [["山﨑", "髙い"], ["旅館🏯", "𠮷野, 2"]])))

    assert program.main(["shift-jis", str(table)]) == 0

    said = capsys.readouterr().out
    converted = (tmp_path / "operators.shift-jis.csv").read_bytes().decode("cp932")
    rows = list(csv.reader(io.StringIO(converted, newline="")))
    assert rows == [["name", "note"], ["山﨑", "髙い"], ["旅館〓", "〓野, 2"]]
    assert "row 3, column 1: 🏯 (U+1F3EF) became 〓" in said
    assert "3行目2列目: 𠮷（U+20BB7）" in said
    assert "Characters lost: 2." in said
    assert program.main(["shift-jis", str(table)]) == 1
    assert "is there already" in capsys.readouterr().err
