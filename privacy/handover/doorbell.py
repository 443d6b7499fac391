"""Telling a worker that a hand-over is to be built; the schedule finds it anyway."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis import RedisError

logger = logging.getLogger(__name__)
TASK = "privacy.tasks.build_hand_overs"
ONCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "max_retries": 0}


def ring_after_commit():
    transaction.on_commit(_ring, robust=True)


def _ring():
    try:
        with current_app.connection_for_write() as broker:
            broker.transport_options = broker.transport_options | ONCE
            current_app.send_task(TASK, connection=broker, retry=False)
    except (KombuError, RedisError, OSError) as error:
        logger.warning("hand-over broker not reached error=%s", type(error).__name__)
