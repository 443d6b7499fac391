"""What becomes of introductions when the person who wrote them is erased."""

from privacy.endings import ends

from .models import Introduction


@ends(Introduction)
def empty_introductions(rows, _person):
    """The other business keeps that it was written to, and what it answered."""
    return rows.update(text="")
