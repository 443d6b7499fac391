"""Telling a worker that a message waits. Whether anybody hears it changes when the message goes, not if it goes."""

import logging
import time

from celery import current_app
from kombu.exceptions import KombuError
from redis import RedisError

from outbox import tasks

logger = logging.getLogger(__name__)

# A request rings once and briefly: left to itself, the client tries a broker that hangs for seven seconds.
ONCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "max_retries": 0}
# After a ring that failed nobody rings for so many seconds: of many requests, one waits for a broker that is away.
SILENCE = 30
_silent_until = 0.0


def ring(message_pk: int) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = broker.transport_options | ONCE
            tasks.deliver.apply_async((message_pk,), connection=broker, retry=False)
    except (KombuError, RedisError, OSError) as error:
        _silent_until = time.monotonic() + SILENCE
        logger.warning("outbox broker not reached error=%s", type(error).__name__)
