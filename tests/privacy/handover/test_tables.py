import csv
import io
import re

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from privacy.handover import tables

from .sealed import tool

pytestmark = pytest.mark.req("R061")

TELEPHONES = [
    "+81 3-1234-5678",
    "+33 1 23 45 67 89",
    "+1 650-253-0000",
    "+39 06 698 12345",
    "+852 2345 6789",
    "+81 3-1234-5678 ext. 12",
]
FORMULAS = [
    "=1+1",
    "+1+1",
    "+81-3-1234-5678",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u3000=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1,1)",
    "'=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example";"Invoice")',
    "+81 3-1234-5678+cmd|' /C calc'!A0",
    "+81 3 =1+1",
]
HARMLESS = [
    "Hotel",
    "'s-Hertogenbosch",
    'say "this", or;that',
    "two\nlines",
    "東京都",
    "1-2-3",
    "00123",
    "1E5",
    "TRUE",
    "a=1",
]


def written(rows, columns=("number", "value")):
    return b"".join(tables.csv(columns, rows))


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def opened(folder, values, options):
    """The cells that LibreOffice shows of a table with `values`: each as (its kind, its value)."""
    path = folder / "table.csv"
    path.write_bytes(written(enumerate(values)))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    arguments = ["--headless", profile, f"--infilter=CSV:{options}", "--convert-to", "xlsx", "--outdir", folder, path]
    assert tool("soffice", *arguments).returncode == 0
    rows = list(openpyxl.load_workbook(folder / "table.xlsx").active.iter_rows(min_row=2))
    assert len(rows) == len(values)
    return [(cell.data_type, cell.value) for _number, cell in rows]


def as_shown(value):
    """What a spreadsheet makes of the end of a line inside of a cell."""
    return re.sub("\r\n?", "\n", value)


def test_libreoffice_shows_telephone_numbers_exactly_and_runs_no_formula(tmp_path):
    values = TELEPHONES + FORMULAS + ["Hotel", "'s-Hertogenbosch", "東京都"]

    # Comma, quotes, UTF-8, from the first line; nothing else is told to it.
    shown = opened(tmp_path, values, "44,34,76,1")

    assert [kind for kind, _value in shown] == ["s"] * len(values)
    assert [value for _kind, value in shown] == [
        *TELEPHONES,
        *(as_shown(f"'{value}") for value in FORMULAS),
        "Hotel",
        "'s-Hertogenbosch",
        "東京都",
    ]


def test_libreoffice_keeps_every_letter_when_told_that_quotes_mean_text(tmp_path):
    values = TELEPHONES + HARMLESS

    shown = opened(tmp_path, values, "44,34,76,1,,0,true")

    assert shown == [("s", value) for value in values]


@pytest.mark.parametrize("value", TELEPHONES + HARMLESS)
def test_what_is_no_formula_stays_as_it_is(value):
    assert tables.cell(value) == value


@pytest.mark.parametrize("value", FORMULAS)
def test_what_begins_like_a_formula_is_led_by_an_apostrophe(value):
    assert tables.cell(value) == f"'{value}"


@given(value=st.text())
@example("'=1")
@example("+81 3-1234-5678")
def test_no_cell_begins_like_a_formula_and_each_can_be_told_back(value):
    cell = tables.cell(value)

    assert tables.TELEPHONE.fullmatch(cell) or not re.match(r"[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠]", cell)
    assert "\0" not in cell
    # What led a formula away is taken off again: an apostrophe before apostrophes and the sign of a formula.
    original = cell[1:] if cell.startswith("'") and tables.FORMULA.match(cell) else cell
    assert original == value.replace("\0", "\ufffd")


@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=20))
def test_every_value_comes_back_through_another_reader(rows):
    assert read(written(rows)) == [["number", "value"], *[[tables.cell(value) for value in row] for row in rows]]


def test_the_file_is_what_excel_expects():
    assert written([[1, None]]) == '\ufeff"number","value"\r\n"1",""\r\n'.encode()


def test_a_long_table_comes_in_chunks():
    chunks = list(tables.csv(["n"], ([number] for number in range(2 * tables.ROWS_AT_ONCE + 1))))

    # The byte order mark, and 500 lines each.
    assert len(chunks) == 4
    assert len(read(b"".join(chunks))) == 2 * tables.ROWS_AT_ONCE + 2
