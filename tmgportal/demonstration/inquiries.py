"""What invented people asked the secretariat; nothing is mailed."""

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.working_days import add_working_days
from inquiries.models import ANSWERED_WITHIN, Entry, Inquiry
from inquiries.services import next_number
from privacy import consent
from privacy.models import Subject

from .content import rows


def ask(reviewer):
    """Make the inquiries, answered by `reviewer` where they are. Returns how many."""
    for row in rows("inquiries"):
        received = timezone.now() - timedelta(days=float(row["days_ago"]))
        subject = Subject.objects.create(language=row["language"])
        consent.inform(subject)
        inquiry = Inquiry.objects.create(
            number=next_number(),
            subject=subject,
            is_address_confirmed=row["kind"] == "privacy",
            due_on=add_working_days(received, ANSWERED_WITHIN[row["kind"]]),
            assigned_to=reviewer if row["answer"] else None,
            **{name: row[name] for name in ("kind", "state", "name", "email", "language")},
        )
        Inquiry.objects.filter(pk=inquiry.pk).update(received_at=received)
        _write(inquiry, row["message"], received)
        if row["answer"]:
            _write(inquiry, row["answer"], received + timedelta(hours=5), is_answer=True, by=reviewer)
    return len(rows("inquiries"))


def _write(inquiry, text, moment, **values):
    entry = Entry.objects.create(inquiry=inquiry, text=text, form_key=uuid.uuid4(), **values)
    Entry.objects.filter(pk=entry.pk).update(written_at=moment)
