"""Celery carries doorbells; PostgreSQL holds the work. The schedule of everything that recurs stands here."""

import logging.config
import os

from celery import Celery, Task
from celery.exceptions import Ignore
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmgportal.settings")


class PortalTask(Task):
    """No work while the web server shows no page, either; the doorbell will be rung again (see `serving`)."""

    ALWAYS = {"tmgportal.tasks.heartbeat"}

    def __call__(self, *args, **kwargs):
        from tmgportal import serving  # The models are ready by now.

        if self.name not in self.ALWAYS and serving.is_behind():
            raise Ignore
        return super().__call__(*args, **kwargs)


app = Celery("tmgportal", task_cls=PortalTask)
# For every thread of the web server, not only for the one that imports this.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Rings again for every message whose first ring was lost, or that waits for another attempt.
    "outbox-sweep": {"task": "outbox.tasks.sweep", "schedule": 30, "options": {"expires": 30}},
    # In office hours; who was reminded today is not reminded again.
    "remind-reviewers": {"task": "accounts.tasks.remind_reviewers", "schedule": crontab(minute=0, hour="9-17")},
    "delete-unverified-signups": {"task": "accounts.tasks.delete_unverified_signups", "schedule": crontab(minute=20)},
    "delete-unconfirmed-inquiries": {
        "task": "inquiries.tasks.delete_unconfirmed",
        "schedule": crontab(minute=25),
    },
    "drop-rare-terms": {"task": "privacy.tasks.drop_rare_terms", "schedule": crontab(minute=40, hour=3)},
    # Once a month; every night, so that a night without power moves it by a day. After the rare terms are gone.
    "publish-statistics": {"task": "privacy.tasks.publish_statistics", "schedule": crontab(minute=10, hour=5)},
    # Before the backup of the night, which need not hold what is over.
    "retention": {"task": "privacy.tasks.end_what_is_past_its_time", "schedule": crontab(minute=15, hour=2)},
    "delete-ended-sessions": {"task": "accounts.tasks.delete_ended_sessions", "schedule": crontab(minute=35)},
    # Every night: how much of the ledger could be cut off unnoticed is what one day wrote.
    "checkpoint-ledger": {"task": "privacy.tasks.checkpoint_ledger", "schedule": crontab(minute=5, hour=0)},
    # Of what people ask about their data; a request that was named today is not named again.
    "remind-officers": {"task": "privacy.tasks.remind_officers", "schedule": crontab(minute=15, hour="9-17")},
    # Requests of strangers whose address nobody confirmed for a week.
    "abandon-unconfirmed": {"task": "privacy.tasks.abandon_unconfirmed", "schedule": crontab(minute=25, hour=4)},
    # A batch of each announced version whose mails are due.
    "queue-policy-notices": {"task": "privacy.tasks.queue_policy_notices", "schedule": 60, "options": {"expires": 60}},
    # A batch of those whom a breach affects and who are to be told.
    "tell-of-breaches": {"task": "privacy.tasks.tell_of_breaches", "schedule": 60, "options": {"expires": 60}},
    # A child's data do not wait (R113).
    "run-erasures": {"task": "privacy.tasks.run_erasures", "schedule": 60, "options": {"expires": 60}},
    # Copies of their data that people asked for; also those whose worker went away.
    "build-copies": {"task": "privacy.tasks.build_copies", "schedule": 15, "options": {"expires": 15}},
    "expire-packages": {"task": "privacy.tasks.expire_packages", "schedule": crontab(minute="*/10")},
    # Rings again for what was released, and recalls what people have since withheld.
    "build-hand-overs": {"task": "privacy.tasks.build_hand_overs", "schedule": 60, "options": {"expires": 60}},
    "remind-of-hand-overs": {"task": "privacy.tasks.remind_of_hand_overs", "schedule": crontab(minute=10, hour=9)},
    # What a crash left of files whose rows are gone.
    "sweep-photos": {"task": "directory.tasks.sweep_photos", "schedule": crontab(minute=50)},
    "heartbeat": {"task": "tmgportal.tasks.heartbeat", "schedule": 10, "options": {"expires": 10}},
}


@setup_logging.connect
def log_as_the_portal_does(**kwargs):
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
