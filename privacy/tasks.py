"""Doorbells: each can be rung again at any time."""

from celery import shared_task

from . import usage


@shared_task
def drop_rare_terms():
    usage.drop_rare_terms()
