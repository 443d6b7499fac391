"""Whether the portal may serve: not while the journal of erasures is ahead of its data (R110).

A restored backup brings back whoever was erased since. Until they are erased again, nobody sees a page and no work is
done. Looking costs a file and a query, so each process does it at its start and then every few seconds, not for each
request.
"""

import logging
import time
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from privacy.erasure import journal
from privacy.models import Erasure, Subject

logger = logging.getLogger(__name__)

REPLAY = "manage.py privacy_replay"
# While it refuses it looks again soon, so that it serves as soon as it may.
LOOK_AGAIN = 1


class Known(NamedTuple):
    is_behind: bool
    until: float


_known = Known(is_behind=True, until=0)


def is_behind():
    """Whether somebody who was erased is back, as far as was known a few seconds ago."""
    return _known.is_behind if time.monotonic() < _known.until else look()


def look():
    """Look now. Returns whether somebody who was erased is back, or it cannot be told."""
    global _known
    try:
        returned = _returned()
    except (OSError, journal.JournalBroken) as error:
        logger.error("the journal of erasures cannot be read, so the portal does not serve: %s", type(error).__name__)
        returned = True
    else:
        if returned:
            logger.error("erased people are back in the data, so the portal does not serve; run: %s", REPLAY)
    _known = Known(returned, time.monotonic() + (LOOK_AGAIN if returned else settings.ERASURES_CHECKED_EVERY))
    return returned


def _returned():
    """Whoever is being erased in this moment is in the journal already: their row is locked, and passed over."""
    if not journal.path().exists() and Erasure.objects.filter(done_at__isnull=False).exists():
        # Its volume is away. An empty journal would let everybody back in.
        raise FileNotFoundError(journal.path())
    entries = journal.ahead()
    if not entries:
        return False
    with transaction.atomic():
        back = Subject.objects.filter(ref__in=[entry.subject for entry in entries], erased_at=None)
        return bool(back.select_for_update(skip_locked=True).order_by("pk")[:1])
