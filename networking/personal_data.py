"""What `networking` holds: what people of two businesses wrote to each other."""

from privacy.declarations import EraseAction, Source, declare, due_source
from privacy.purposes import Purpose
from privacy.retention import Retention

from .models import Introduction

declare(
    Introduction,
    identifying="text",
    technical="sent_by reported_by",
    evidence="sent_at reported_at report_reason settled_at",
    not_personal="id ref sender recipient form_key",
    subject="sent_by__subject",
    purposes=[Purpose.NETWORKING],
    retention=[Retention.CONVERSATION],
    source=Source.PERSON,
    provided="text",
    # Written by the reader, to the secretariat.
    of_others="report_reason",
    erase=EraseAction.EMPTY,
)


@due_source(Introduction, Retention.CONVERSATION)
def old_introductions(before):
    """Not while staff look into a report of it."""
    return Introduction.objects.filter(sent_at__lt=before).exclude(reported_at__isnull=False, settled_at=None)
