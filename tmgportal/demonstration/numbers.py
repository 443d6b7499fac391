"""What was searched for in the demonstration, and what statistics were published since."""

from datetime import timedelta

from django.utils import timezone

from privacy import statistics, usage
from privacy.acting import PORTAL, acting_as
from privacy.models import UsageCount

MONTHS = 3
# (term, language, how often)
SEARCHES = [
    *[
        ("ryokan", "en", 64),
        ("tea ceremony", "en", 47),
        ("vegan", "en", 38),
        ("asakusa", "en", 33),
        ("guide", "en", 21),
    ],
    *[("takao", "en", 18), ("halal", "en", 16), ("フランス", "ja", 29), ("教育旅行", "ja", 24), ("クルーズ", "ja", 12)],
]


@acting_as(duty=PORTAL)
def make():
    """A release of each of the last months, as it would have been made on its first day; this month's is of today."""
    days = [timezone.localdate()]
    while len(days) < MONTHS:
        days.append((days[-1].replace(day=1) - timedelta(days=1)).replace(day=1))
    for day in reversed(days):
        _search(day - timedelta(days=day.day))
        at = timezone.now() - timedelta(days=(days[0] - day).days)
        for table in statistics.counted(day):
            statistics.publish(table, at=at)


def _search(day):
    UsageCount.objects.bulk_create(
        UsageCount(day=day.replace(day=1), kind=usage.SEARCH, term=term, language=language, count=count + day.month)
        for term, language, count in SEARCHES
    )
