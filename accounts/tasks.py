"""Doorbells: each service can be asked again at any time."""

from celery import shared_task

from .services import people, reminders


@shared_task
def remind_reviewers():
    reminders.remind_reviewers()


@shared_task
def delete_unverified_signups():
    people.delete_unverified_signups()


@shared_task
def delete_ended_sessions():
    people.delete_ended_sessions()
