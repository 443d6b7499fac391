"""What becomes of photos when a person is erased: a listing is its business's, and stays unless that goes, too."""

from privacy.endings import ends

from .models import Photo
from .services import files


@ends(Photo)
def discard_files(rows, _person):
    """The files of those photos that are gone once everything is done; what a crash leaves, `sweep_photos` finds."""
    files.discard_unused(set(rows.values_list("ref", flat=True)))
    return rows.count()
