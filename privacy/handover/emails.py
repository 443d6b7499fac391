"""Every message of hand-overs: that something waits, and never what (R061)."""

from django.contrib.auth import get_user_model

import outbox

from ..purposes import Purpose

RELEASE, FETCH, REMINDER = "release", "fetch", "reminder"


def release_waits(export):
    for person in officers().exclude(pk=export.requested_by_id):
        _post(person, "officer", export, RELEASE)


def built(export):
    for person in staff_of(export.recipient):
        _post(person, "recipient", export, FETCH)


def failed(export):
    for person in officers():
        _post(person, "officer", export, "failed")


def called_back(export):
    for person in officers():
        _post(person, "officer", export, "called back")


def lost(export):
    for person in officers():
        _post(person, "officer", export, "lost")


def reminder(export, *, officers_too):
    for person in staff_of(export.recipient):
        _post(person, "recipient", export, REMINDER)
    for person in officers() if officers_too else ():
        _post(person, "officer", export, REMINDER)


def officers():
    """The city's staff who release hand-overs."""
    return _with("change_export").filter(recipient="")


def staff_of(recipient):
    """Those of the recipient who fetch hand-overs."""
    return _with("view_export").filter(recipient=recipient)


def _with(codename):
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    return people.filter(groups__permissions__codename=codename).select_related("subject").distinct()


def _post(person, whom, export, what):
    outbox.post(
        person.subject,
        Purpose.ADMINISTRATION,
        f"privacy/emails/handover_{whom}",
        number=export.number,
        export=export.pk,
        what=what,
    )
