"""A table as a file that Excel opens: CSV in UTF-8 with its mark, lines ended by CRLF (RFC 4180)."""

import codecs
import csv
import io

from privacy.handover.tables import cell


def spreadsheet(rows):
    """The bytes of the file with these rows of texts, of which none is a formula."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([[cell(value) for value in row] for row in rows])
    return codecs.BOM_UTF8 + lines.getvalue().encode()
