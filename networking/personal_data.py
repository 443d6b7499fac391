"""What `networking` holds: what people of two businesses wrote to each other."""

from privacy.declarations import EraseAction, Source, declare
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
    erase=EraseAction.UNLINK,
)
