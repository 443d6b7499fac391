"""Business cards for address books: vCard 4.0 (RFC 6350)."""

import re

LINE_LIMIT = 75


def vcard(cards):
    """The `parts.Card`s as one file (bytes): UTF-8, lines folded at 75 bytes and ending in CR LF."""
    return "".join(f"{_folded(line)}\r\n" for card in cards for line in _lines(card)).encode()


def _lines(card):
    yield from ("BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(card.name)}")
    if card.organisation:
        yield f"ORG:{_escaped(card.organisation)}"
    if card.email:
        yield f"EMAIL;TYPE=work:{_escaped(card.email)}"
    if card.telephone:
        yield f'TEL;VALUE=uri;TYPE="work,voice":tel:{re.sub(r"[^+0-9]", "", card.telephone)}'
    if card.address:
        yield f"ADR;TYPE=work:;;{_escaped(card.address)};;;;"
    if card.url:
        yield f"URL:{card.url}"
    yield "END:VCARD"


def _escaped(text):
    text = re.sub(r"([\\;,])", r"\\\1", text)
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line):
    """At most 75 bytes a line, never within a character (section 3.2)."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE_LIMIT:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts)
