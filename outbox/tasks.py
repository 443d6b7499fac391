"""Doorbells: the row knows when to try again."""

from celery import shared_task

from outbox import delivery
from outbox.models import Message


@shared_task
def deliver(message_pk):
    delivery.deliver(Message.objects.filter(pk=message_pk))


@shared_task
def sweep():
    delivery.sweep()
