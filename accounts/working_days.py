"""Days on which the city's offices work: Monday to Friday, but no public holiday (国民の祝日に関する法律) and not from
29 December to 3 January (東京都の休日に関する条例)."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.core import checks
from django.utils import timezone

from accounts.data import rows

TOKYO = ZoneInfo("Asia/Tokyo")


@cache
def public_holidays() -> frozenset[date]:
    return frozenset(date.fromisoformat(row["date"]) for row in rows("public_holidays.csv"))


def last_known_year() -> int:
    """The year with which the table of holidays ends. Later days count as working days unless the weekday or the
    closing at the turn of the year says otherwise, so that a promised day may come too early, never too late."""
    return max(public_holidays()).year


def is_working_day(day: date) -> bool:
    closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not closed and day not in public_holidays()


def add_working_days(start: datetime, days: int) -> date:
    """The day in Tokyo on which the `days`th working day after the day of `start` (an aware moment) falls."""
    day = timezone.localdate(start, TOKYO)
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


@checks.register
def holidays_are_known(app_configs, **options):
    """The table must reach beyond next year."""
    if last_known_year() > timezone.localdate(timezone=TOKYO).year:
        return []
    return [
        checks.Warning(
            f"accounts/data/public_holidays.csv ends with {last_known_year()}.",
            hint="Add the holidays that the Cabinet Office has announced since.",
            id="accounts.W001",
        )
    ]
