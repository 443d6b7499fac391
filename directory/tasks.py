"""Doorbells: each service can be asked again at any time."""

from celery import shared_task

from .services import files


@shared_task
def sweep_photos():
    files.sweep()
