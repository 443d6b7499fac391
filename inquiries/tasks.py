"""Doorbells: each service can be asked again at any time."""

from celery import shared_task

from . import services


@shared_task
def delete_unconfirmed():
    services.delete_unconfirmed()
