"""Tables as CSV that a spreadsheet opens and never runs (R061; OWASP ASVS 1.2.10, RFC 4180)."""

import re
from itertools import chain, islice

# How a cell begins that a spreadsheet takes for a formula, also in full width or behind blanks.
# An apostrophe that was there already counts too, so that `'` in front always means one was added.
FORMULA = re.compile(r"'*[\s\u200b\u2060\ufeff]*[=+\-@\t\r\n＝＋－＠]")
# A telephone number as people write it abroad: digits in groups are no formula, and stay as they are.
TELEPHONE = re.compile(r"\+[1-9][0-9]{0,2}(?: [0-9]+(?:-[0-9]+)*)+(?: ext\. [0-9]+)?")
ROWS_AT_ONCE = 500


def csv(columns, rows):
    """Yields the table in chunks of bytes: UTF-8 with a byte order mark, lines ending in CR LF, `columns` first.

    `rows`: lists of values, None being empty. All is in quotes, so that a program can be told to take all for text. A
    cell that would be a formula gets `'` in front. Telephone numbers go as `+81 3-1234-5678` (international, with a
    blank behind the country's code), and stay so.
    """
    lines = map(_line, chain([columns], rows))
    yield "\ufeff".encode()
    while chunk := "".join(islice(lines, ROWS_AT_ONCE)):
        yield chunk.encode()


def _line(row):
    # The module csv takes twice as long where everything is in quotes.
    return '"' + '","'.join([cell(value).replace('"', '""') for value in row]) + '"\r\n'


def cell(value):
    """The value as text that is no formula."""
    text = value if type(value) is str else "" if value is None else str(value)
    # Most cells: what begins with a letter or a digit is no formula.
    if text[:1].isalnum() and "\0" not in text:
        return text
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if FORMULA.match(text) and not TELEPHONE.fullmatch(text) else text
