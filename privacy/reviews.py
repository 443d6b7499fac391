"""What is looked at again and again, and what of it is overdue (R154, R153)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import get_language

from .models import Oversight, Recipient, Review, ReviewSubject


def due(today=None):
    """[(what, the day it is or was due, whether it is overdue)], the oldest first; without a day: never looked at."""
    today = today or timezone.localdate()
    newest = {}
    for subject, next_on in Review.objects.order_by("on", "pk").values_list("subject", "next_on"):
        newest[subject] = next_on
    days = [(subject.label, newest.get(subject)) for subject in ReviewSubject]
    for recipient in Recipient.objects.current(timezone.now()):
        looked = Oversight.objects.filter(recipient__code=recipient.code).order_by("-on", "-pk").first()
        days.append((recipient.name(get_language()), looked and looked.next_on))
    return sorted(((what, day, day is None or day < today) for what, day in days), key=lambda one: one[1] or date.min)
