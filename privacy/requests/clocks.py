"""By when a request must be answered (L02, L07): a function of what was asked, under which laws, and what happened."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from ..models import Regime


@dataclass(frozen=True)
class Due:
    """The earliest legal day, the day we hold ourselves to, and the rule that governs."""

    due_on: date
    internal_on: date
    governed_by: str


def due(received_at, regimes):
    """The `Due` of a request received at that moment under these laws."""
    received_on = timezone.localtime(received_at).date()
    legal = {
        Regime.GDPR: (months_after(received_on, 1), "GDPR Art. 12(3)"),
        Regime.APPI: (received_on + timedelta(days=30), "APPI Art. 83"),
    }
    due_on, governed_by = min(legal[Regime(regime)] for regime in regimes)
    target = min(received_on + timedelta(days=14), due_on - timedelta(days=3))
    return Due(due_on, max(target, received_on), governed_by)


def months_after(day, months):
    """The corresponding day `months` later, else the last of that month (Regulation 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
