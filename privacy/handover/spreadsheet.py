"""The exception for a desk with office programs only: a spreadsheet that asks for a password (R061).

Made in memory, since the libraries would else keep its parts, readable, in temporary files. So it has its limit.
"""

import io
from itertools import chain

import msoffcrypto
import xlsxwriter

SUFFIX = ".xlsx"
MOST_ROWS = 20_000


class TooLarge(ValueError):
    """More rows, or a longer text, than is made in memory or fits into a cell."""


def write(target, columns, rows, password):
    """Write the table into `target`, a binary file, as XLSX under AES-256 with `password` (agile encryption).

    Every cell is text, as it is: a spreadsheet runs no text. `rows`: lists of values, None being empty. Raises
    `TooLarge`.
    """
    plain = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(plain, options) as workbook:
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet()
        for number, row in enumerate(chain([columns], rows)):
            if number > MOST_ROWS:
                raise TooLarge
            for position, value in enumerate(row):
                cell = "" if value is None else str(value).replace("\0", "\ufffd")
                if sheet.write_string(number, position, cell, text):
                    raise TooLarge
    msoffcrypto.OfficeFile(plain).encrypt(password, target)
