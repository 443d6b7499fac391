"""Doorbells: each can be rung again at any time."""

from celery import shared_task

from . import breaches, erasure, expiry, handover, packages, requests, statistics, usage
from .ledger import checkpoints
from .policies import notices
from .requests import identity, reminders


@shared_task
def drop_rare_terms():
    usage.drop_rare_terms()


@shared_task
def checkpoint_ledger():
    checkpoints.make()


@shared_task
def queue_policy_notices():
    notices.queue_due()


@shared_task
def tell_of_breaches():
    breaches.tell_due()


@shared_task
def run_erasures():
    erasure.run_due()


@shared_task
def build_copies():
    packages.build_due(on_built=requests.tell_of_copy)
    requests.answer_ready()


@shared_task
def expire_packages():
    packages.expire()


@shared_task
def abandon_unconfirmed():
    identity.abandon_unconfirmed()


@shared_task
def remind_officers():
    reminders.remind_officers()


@shared_task
def end_what_is_past_its_time():
    expiry.run(dry_run=False)


@shared_task
def build_hand_overs():
    handover.ask_for_opt_outs()
    handover.build_due()
    handover.tidy()


@shared_task
def remind_of_hand_overs():
    handover.remind()


@shared_task
def publish_statistics():
    statistics.publish_due()
