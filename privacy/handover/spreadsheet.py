"""The exception for a desk with office programs only: a spreadsheet that asks for a password (R061).

Made in memory, since the library would else keep its parts, readable, in temporary files.
"""

import io

import msoffcrypto
import xlsxwriter

SUFFIX = ".xlsx"


def write(target, columns, rows, password):
    """Write the table into `target`, a binary file, as XLSX under AES-256 with `password` (agile encryption).

    Every cell is text, as it is: a spreadsheet runs no text. `rows`: lists of values, None being empty.
    """
    plain = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(plain, options) as workbook:
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet()
        for number, row in enumerate([columns, *rows]):
            for position, value in enumerate(row):
                if value is not None:
                    sheet.write_string(number, position, str(value).replace("\0", "\ufffd"), text)
    msoffcrypto.OfficeFile(plain).encrypt(password, target)
