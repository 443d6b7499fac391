"""Celery carries doorbells; PostgreSQL holds the work. The schedule of everything that recurs stands here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmgportal.settings")

app = Celery("tmgportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Rings again for every message whose first ring was lost, or that waits for another attempt.
    "outbox-sweep": {"task": "outbox.tasks.sweep", "schedule": 30, "options": {"expires": 30}},
    "heartbeat": {"task": "tmgportal.health.beat", "schedule": 10, "options": {"expires": 10}},
}
