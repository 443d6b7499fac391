"""Telling a worker that a message waits. Whether anybody hears it changes when the message goes, not if it goes."""

import logging
import time

from kombu.exceptions import KombuError
from redis import RedisError

from outbox import tasks

logger = logging.getLogger(__name__)

# After a ring that failed nobody rings for so long: a request waits once for a broker that is away, not each time.
SILENCE = 30
_silent_until = 0.0


def ring(message_pk: int) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        tasks.deliver.apply_async((message_pk,), retry=False)
    except (KombuError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE
        logger.warning("outbox broker not reached error=%s", type(error).__name__)
