"""Signs of life. They tell of progress: beat has sent something, a worker has done it."""

import redis
from celery import shared_task
from celery.signals import after_task_publish

from tmgportal.health import record_heartbeat


@shared_task
def heartbeat():
    record_heartbeat("worker")


@after_task_publish.connect(sender=heartbeat.name)
def heartbeat_sent(**kwargs):
    try:
        record_heartbeat("beat")
    except redis.RedisError:
        # Then readiness says that the cache is away; beat goes on.
        return
