import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from privacy.handover import signatures
from tmgportal import stack

from .sealed import changed, tool

pytestmark = pytest.mark.req("R061")

CONTENT = b"sealed bytes" * 1000


def signed(content=CONTENT):
    return signatures.sign(io.BytesIO(content))


def refused(content, signature):
    with pytest.raises(signatures.BadSignature):
        signatures.verify(io.BytesIO(content), signature)
    return True


def checked_by_openssh(folder, content, signature, name=signatures.NAME):
    """How `ssh-keygen -Y verify` ends: 0 where the signature is right."""
    (folder / "allowed_signers").write_text(signatures.allowed_signers())
    (folder / "file.sig").write_text(signature)
    arguments = ["-f", folder / "allowed_signers", "-I", name, "-n", name, "-s", folder / "file.sig"]
    return tool("ssh-keygen", "-Y", "verify", *arguments, input=content).returncode


def test_openssh_accepts_what_we_signed_and_refuses_anything_else(tmp_path):
    assert checked_by_openssh(tmp_path, CONTENT, signed()) == 0
    assert checked_by_openssh(tmp_path, CONTENT[:-1], signed()) == 255
    assert checked_by_openssh(tmp_path, changed(CONTENT, 5, 1), signed()) == 255
    assert checked_by_openssh(tmp_path, CONTENT, signed(), name="file") == 255


def test_what_openssh_signs_with_a_key_we_trust_is_right(tmp_path, settings):
    assert tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key").returncode == 0
    (tmp_path / "file").write_bytes(CONTENT)
    arguments = ["-f", tmp_path / "key", "-n", signatures.NAME, tmp_path / "file"]
    assert tool("ssh-keygen", "-Y", "sign", *arguments).returncode == 0
    signature = (tmp_path / "file.sig").read_text()

    assert refused(CONTENT, signature)
    settings.EXPORT_FORMER_KEYS = [(tmp_path / "key.pub").read_text().strip()]
    signatures.verify(io.BytesIO(CONTENT), signature)


def test_a_signature_for_another_use_is_refused(tmp_path, settings):
    tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key")
    (tmp_path / "file").write_bytes(CONTENT)
    tool("ssh-keygen", "-Y", "sign", "-f", tmp_path / "key", "-n", "file", tmp_path / "file")
    settings.EXPORT_FORMER_KEYS = [(tmp_path / "key.pub").read_text().strip()]

    assert refused(CONTENT, (tmp_path / "file.sig").read_text())


def test_what_a_former_key_signed_stays_right(tmp_path, settings):
    signature, former = signed(), signatures.public_line()
    settings.EXPORT_SIGNING_KEY = stack.random_seed()

    assert refused(CONTENT, signature)
    settings.EXPORT_FORMER_KEYS = [former]
    signatures.verify(io.BytesIO(CONTENT), signature)
    assert checked_by_openssh(tmp_path, CONTENT, signature) == 0
    assert checked_by_openssh(tmp_path, CONTENT, signed()) == 0


@effort(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(where=st.integers(min_value=0), by=st.sampled_from([None, 1, 0x20, 0x80]))
def test_a_changed_or_missing_byte_anywhere_in_the_file_is_refused(where, by):
    assert refused(changed(CONTENT, where % len(CONTENT), by), signed())


@effort(deadline=None)
@given(where=st.integers(min_value=0), by=st.sampled_from([None, 1, 2]))
def test_a_changed_letter_anywhere_in_the_signature_is_refused(where, by):
    signature = signed()
    lines = signature.split("\n")
    text = "".join(lines[1:-2])
    altered = changed(text.encode(), where % len(text), by).decode()

    assert refused(CONTENT, "\n".join([lines[0], altered, *lines[-2:]]))


@pytest.mark.parametrize("nonsense", ["", "no signature", "-----BEGIN SSH SIGNATURE-----", "U1NIU0lH", "ü" * 100])
def test_nonsense_is_no_signature(nonsense):
    assert refused(CONTENT, nonsense)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXPORT_SIGNING_KEY", ""),
        ("EXPORT_SIGNING_KEY", "c2hvcnQ="),
        ("EXPORT_SIGNING_KEY", "no base64"),
        ("EXPORT_FORMER_KEYS", ["nonsense"]),
        (
            "EXPORT_FORMER_KEYS",
            [
                "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGsX0fLhLEJH+Lzm5WOkQPJ3A32B"
                "LeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU="
            ],
        ),
    ],
)
def test_a_wrong_setting_is_named(settings, name, value):
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        signatures.allowed_signers()


def test_each_signer_may_sign_hand_overs_and_nothing_else(settings):
    settings.EXPORT_FORMER_KEYS = [f"{signatures.public_line()} a comment"]

    lines = signatures.allowed_signers().splitlines()

    assert lines == [f'{signatures.NAME} namespaces="{signatures.NAME}" {signatures.public_line()}'] * 2
