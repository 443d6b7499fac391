"""Telling people before a version takes effect: by mail, and by a notice on the site for whom no mail reaches (R008,
R010, R013).

The notice on the site stands from the announcement on and needs nothing that could fail to start. So no version ever
takes effect untold, whatever becomes of the mails; one whose mails do not start is `stalled`, and staff are told.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from outbox.models import State

from .. import emails, gate
from ..models import ChangeClass, PolicyNotice, PolicyVersion
from ..purposes import Purpose

BATCH = 200
# After this long without a first mail something is wrong.
STALLED_AFTER = timedelta(hours=1)
OUTCOMES = {
    "waiting": [State.WAITING, State.SENDING],
    "sent": [State.SENT],
    "refused": [State.REFUSED, State.EXPIRED],
    "failed": [State.SET_ASIDE, State.IN_DOUBT],
}


def audience(version):
    """Whom the version's mails go to: everybody who came before it took effect, and may be told about policies."""
    if version.change_class == ChangeClass.EDITORIAL:
        return gate.permitting(Purpose.SERVICE_NOTICES).none()
    people = gate.permitting(Purpose.SERVICE_NOTICES).filter(ended_at=None)
    return people.filter(created_at__lt=version.effective_at) if version.effective_at else people


def running(at=None):
    """Versions whose mails are to leave: from the planned moment until the notice on the site ends."""
    at = at or timezone.now()
    return (
        PolicyVersion.objects.announced()
        .exclude(change_class=ChangeClass.EDITORIAL)
        .filter(notify_from__lte=at, notice_until__gt=at)
        .order_by("pk")
    )


def queue_due():
    """Queue the mails that are due, at most BATCH of each version; how many there were. Twice is once."""
    return sum(_queue(version) for version in running())


@transaction.atomic
def _queue(version):
    # Two at once would write to the same people: the second leaves it to the first.
    if not PolicyVersion.objects.select_for_update(skip_locked=True).filter(pk=version.pk).exists():
        return 0
    told = PolicyNotice.objects.filter(version=version).values("subject")
    subjects = list(audience(version).exclude(pk__in=told).order_by("pk")[:BATCH])
    texts = {text.language: text.summary for text in version.texts.all()}
    for subject in subjects:
        message = emails.policy_change(version, subject, texts)
        PolicyNotice.objects.create(version=version, subject=subject, message=message)
    return len(subjects)


def progress(version):
    """{"waiting", "sent", "refused", "failed": messages; "unqueued": people not yet written to}."""
    counts = {name: Count("pk", filter=Q(message__state__in=states)) for name, states in OUTCOMES.items()}
    found = PolicyNotice.objects.filter(version=version).aggregate(**counts)
    told = PolicyNotice.objects.filter(version=version).values("subject")
    return found | {"unqueued": audience(version).exclude(pk__in=told).count()}


def stalled():
    """Running versions none of whose mails was queued although somebody is to be told."""
    late = running().filter(notify_from__lte=timezone.now() - STALLED_AFTER, notices=None)
    return [version for version in late if audience(version).exists()]
