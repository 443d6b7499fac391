"""What becomes of introductions when somebody who wrote in them is erased."""

from privacy.endings import ends

from .models import Introduction


@ends(Introduction)
def empty_introductions(rows, person):
    """The other business keeps that it was written to, and what it answered.

    What was said in a report of it goes with the text of which it speaks, and with whoever said it.
    """
    Introduction.objects.filter(reported_by__subject=person.subject).update(report_reason="")
    return rows.update(text="", report_reason="")
