import io
import subprocess
import sys

import msoffcrypto
import openpyxl
import pytest
from django.conf import settings
from msoffcrypto.exceptions import InvalidKeyError

from privacy.handover import passwords, spreadsheet

from .sealed import TOKEN, changed, tool

pytestmark = pytest.mark.req("R061")

VALUES = [TOKEN, "+81 3-1234-5678", "=1+1", "00123", "http://evil.example", "1E5", "東京", "two\nlines", "  =1+1", None]
# With blanks kept, and nothing a formula, a number or a link.
SHOWN = [("s", value) for value in VALUES[:-1]]

# Opens `source` with `password`, and keeps what it sees as `target`.
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Show(source, password, target)
    Dim how(1) As New com.sun.star.beans.PropertyValue
    how(0).Name = "Hidden" : how(0).Value = True
    how(1).Name = "Password" : how(1).Value = password
    document = StarDesktop.loadComponentFromURL(source, "_blank", 0, how())
    Dim kept(0) As New com.sun.star.beans.PropertyValue
    kept(0).Name = "FilterName" : kept(0).Value = "Calc MS Excel 2007 XML"
    document.storeToURL(target, kept())
    document.close(True)
End Sub
</script:module>
"""


def written(rows, password):
    file = io.BytesIO()
    spreadsheet.write(file, ["number", "value"], rows, password)
    return file.getvalue()


def plain(data, password):
    """What is inside, its checksum verified."""
    document, inside = msoffcrypto.OfficeFile(io.BytesIO(data)), io.BytesIO()
    document.load_key(password=password, verify_password=True)
    document.decrypt(inside, verify_integrity=True)
    return inside


def shown(file):
    rows = openpyxl.load_workbook(file).active.iter_rows(min_row=2)
    return [(cell.data_type, cell.value) for _number, cell in rows if cell.value]


def test_every_cell_is_text_as_it_was():
    password = passwords.new()

    assert shown(plain(written(enumerate(VALUES), password), password)) == SHOWN


def test_libreoffice_opens_it_with_the_password_and_shows_the_same(tmp_path):
    source, target, password = tmp_path / "table.xlsx", tmp_path / "seen.xlsx", passwords.new()
    source.write_bytes(written(enumerate(VALUES), password))
    office = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]

    # The first start makes a profile, with an empty macro of this name.
    tool(*office, "--terminate_after_init")
    (tmp_path / "profile/user/basic/Standard/Module1.xba").write_text(MACRO)
    tool(*office, f"macro:///Standard.Module1.Show({source.as_uri()},{password},{target.as_uri()})")

    assert shown(target) == SHOWN


def test_another_password_is_refused():
    with pytest.raises(InvalidKeyError):
        plain(written([], passwords.new()), passwords.new())


def test_a_changed_byte_fails_the_checksum():
    password = passwords.new()
    data = written(enumerate(VALUES), password)

    with pytest.raises(InvalidKeyError, match="integrity"):
        plain(changed(data, len(data) // 2, 1), password)


def test_nothing_readable_is_in_the_file():
    data = written(enumerate(VALUES), passwords.new())

    assert TOKEN.encode() not in data
    with pytest.raises(Exception, match="not a zip file"):
        openpyxl.load_workbook(io.BytesIO(data))


def test_nothing_at_all_is_written_but_the_target():
    """In a process that may not write a single byte to a file, the spreadsheet goes out through a pipe."""
    code = (
        "import django, resource, sys\n"
        "django.setup()\n"
        "from privacy.handover import spreadsheet\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "rows = ([number, 'value'] for number in range(5000))\n"
        "spreadsheet.write(sys.stdout.buffer, ['number', 'value'], rows, sys.argv[1])\n"
    )
    password = passwords.new()
    command = [sys.executable, "-W", "error", "-c", code, password]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, b"")
    assert len(shown(plain(done.stdout, password))) == 5000


@pytest.mark.parametrize("rows", [[[1, "x" * 40_000]], ([1, "x"] for _row in range(spreadsheet.MOST_ROWS + 1))])
def test_what_does_not_fit_is_an_error_and_not_left_out(rows):
    with pytest.raises(spreadsheet.TooLarge):
        written(rows, passwords.new())
