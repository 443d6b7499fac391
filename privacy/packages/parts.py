"""What apps add to a copy besides the rows that they declare: files that the person gave, and business cards."""

from dataclasses import dataclass

from .. import encryption
from ..models import SealedPaper

_file_sources = []
_card_sources = []

SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True)
class Card:
    """How a person can be reached, for an address book."""

    name: str
    email: str = ""
    telephone: str = ""
    organisation: str = ""
    address: str = ""
    url: str = ""


def file_source(source):
    """Register `source(subject)`: yields (name in the archive, bytes) of the files that the person gave."""
    _file_sources.append(source)
    return source


def card_source(source):
    """Register `source(subject)`: yields a `Card` for each way in which the person gave their contact."""
    _card_sources.append(source)
    return source


def files_of(subject):
    """Yields (name, bytes) of every file that the person gave, each once."""
    for source in _file_sources:
        yield from source(subject)


def cards_of(subject):
    return [card for source in _card_sources for card in source(subject)]


@file_source
def papers(subject):
    """What was sent for the person's own requests, as long as it is kept. Papers of an agent are the agent's."""
    kept = SealedPaper.objects.filter(request__subject=subject, request__mandate=None, emptied_at=None)
    for paper in kept.exclude(content=b"").order_by("pk"):
        content = encryption.unseal(bytes(paper.content), encryption.place(paper, "content"))
        yield f"papers/{paper.kind}-{paper.pk}.{SUFFIXES.get(paper.media_type, 'bin')}", content
