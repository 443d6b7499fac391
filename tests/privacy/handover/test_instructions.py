import re

import pytest

from privacy.handover import instructions, signatures

from .sealed import Recipient, tool

pytestmark = pytest.mark.req("R061")


@pytest.mark.parametrize("file", ["E-000001.zip.age", "E-000001.xlsx"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_instructions_name_the_file_and_whom_to_call(settings, language, file):
    text = instructions.how_to_open(file, language).decode("utf-8-sig")

    assert f"{file}.sig" in text
    assert settings.SECRETARIAT_TELEPHONE in text
    assert settings.SITE_URL in text
    assert not re.search(r"[{}]|(?<!\r)\n", text)
    assert instructions.file_name(language).isascii()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_spreadsheet_is_opened_in_an_office_program_without_a_key(language):
    text = instructions.how_to_open("E-000001.xlsx", language).decode("utf-8-sig")

    assert "LibreOffice" in text
    assert not re.search(r"open_bundle|handover-key|\bage -d|7-Zip|CSV", text)


@pytest.mark.req("R067")
@pytest.mark.parametrize("file", ["E-000001.zip.age", "E-000001.xlsx"])
@pytest.mark.parametrize(("language", "words"), [("en", "no right of your own"), ("ja", "独自の権利はありません")])
def test_they_say_that_there_is_no_right_to_share(language, words, file):
    assert words in instructions.how_to_open(file, language).decode("utf-8-sig")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_commands_in_them_open_a_bundle(tmp_path, language):
    recipient = Recipient(tmp_path)
    path = recipient.arrived(recipient.sealed())
    recipient.key.rename(tmp_path / "handover-key.txt")
    text = instructions.how_to_open(path.name, language).decode("utf-8-sig")

    (check,) = re.findall(r'cmd /c "ssh-keygen (.*) < (.*)"', text)
    (decrypt,) = re.findall(r"^ +age (-d .*)\r$", text, re.MULTILINE)
    checked = tool("ssh-keygen", *check[0].split(), cwd=tmp_path, input=(tmp_path / check[1]).read_bytes())
    opened = tool("age", *decrypt.split(), cwd=tmp_path)
    unpacked = tool("7z", "x", f"-p{recipient.password}", "E-000001.zip", cwd=tmp_path)

    assert f'Good "{signatures.NAME}" signature' in checked.stdout.decode()
    assert (checked.returncode, opened.returncode, unpacked.returncode) == (0, 0, 0), unpacked.stdout
    assert (tmp_path / "operators.csv").exists()
