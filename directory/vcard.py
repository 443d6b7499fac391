"""A business card as a file: vCard 3.0 (RFC 2426), which Outlook, telephones and Japanese address books all read."""

import re

LINE_LIMIT = 75


def vcard(shown, contact):
    """The text of the card of a listing: the business, and of the person in charge what may be shown."""
    name = contact.name or shown.name
    listing = shown.listing
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{escaped(name)}",
        f"N:{escaped(contact.name)};;;;" if contact.name else "N:;;;;",
        f"ORG:{escaped(shown.name)}",
        f"UID:urn:uuid:{listing.ref}",
    ]
    lines += [f"TEL;TYPE=WORK,VOICE:{telephone.number}" for telephone in contact.telephones]
    if contact.email:
        lines.append(f"EMAIL;TYPE=INTERNET:{escaped(contact.email)}")
    if contact.address:
        lines.append(f"LABEL;TYPE=WORK:{escaped(contact.address)}")
    if listing.homepage:
        lines.append(f"URL:{listing.homepage}")
    if shown.other_name:
        lines.append(f"NOTE:{escaped(shown.other_name.text)}")
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def escaped(text):
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\r", "").replace("\n", "\\n")


def folded(line):
    """At most 75 bytes a line, never within a character (section 2.6)."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE_LIMIT:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts)
