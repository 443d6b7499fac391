"""A table as a file that Excel opens: CSV in UTF-8 with its mark, lines ended by CRLF (RFC 4180)."""

import codecs
import csv
import io

# What a spreadsheet may take for the beginning of a formula, also in its full-width form (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def spreadsheet(rows):
    """The bytes of the file with these rows of texts."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([[_harmless(cell) for cell in row] for row in rows])
    return codecs.BOM_UTF8 + lines.getvalue().encode()


def _harmless(cell):
    """An apostrophe tells a spreadsheet that what follows is text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
