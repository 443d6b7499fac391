"""Telling a worker that a message waits. Whether anybody hears it changes when the message goes, not if it goes."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

from kombu.exceptions import KombuError
from redis import RedisError

from outbox import tasks

logger = logging.getLogger(__name__)

# Seconds that one ring may hold up a request, and that nobody rings after a ring that failed.
PATIENCE, SILENCE = 0.5, 30
# The client tries a broker that hangs for seven seconds, whatever time-outs it is given: so it does that on its own.
_ringer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="doorbell")
_silent_until = 0.0


def ring(message_pk: int) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    rung = _ringer.submit(tasks.deliver.apply_async, (message_pk,), retry=False)
    try:
        rung.result(PATIENCE)
    except (TimeoutError, KombuError, RedisError, OSError) as error:
        rung.cancel()
        _silent_until = time.monotonic() + SILENCE
        logger.warning("outbox broker not reached error=%s", type(error).__name__)
