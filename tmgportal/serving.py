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
    # Counted before the journal is read: nobody is erased who does not stand there already.
    erased = Erasure.objects.filter(done_at__isnull=False).values("subject").distinct().count()
    if not journal.path().exists() and Subject.objects.exists():
        # Each database began with one (privacy 0022).
        raise FileNotFoundError(journal.path())
    written = {entry.subject for entry in journal.read()}
    if erased > len(written):
        # Its volume is away, or its end was lost. A shorter journal would let people back in.
        raise journal.JournalBroken(len(written) + 1)
    back = Subject.objects.filter(ref__in=written, erased_at=None).order_by("pk")
    if not back.exists():
        return False
    with transaction.atomic():
        return bool(back.select_for_update(skip_locked=True)[:1])
