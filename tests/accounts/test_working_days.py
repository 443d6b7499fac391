from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from accounts.working_days import TOKYO, add_working_days, holidays_are_known, is_working_day, public_holidays


def test_holidays_of_2026_are_those_of_the_cabinet_office():
    assert sorted(day.isoformat()[5:] for day in public_holidays() if day.year == 2026) == [
        "01-01",
        "01-12",
        "02-11",
        "02-23",
        "03-20",
        "04-29",
        "05-03",
        "05-04",
        "05-05",
        "05-06",
        "07-20",
        "08-11",
        "09-21",
        "09-22",
        "09-23",
        "10-12",
        "11-03",
        "11-23",
    ]


def test_a_holiday_on_a_sunday_is_made_up_for():
    for day in public_holidays():
        if day.weekday() == 6:
            assert any(day + timedelta(days=more) in public_holidays() for more in (1, 2, 3)), day


def test_the_table_has_no_gap():
    assert {day.year for day in public_holidays()} == set(range(2025, max(public_holidays()).year + 1))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 23), False),
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2099, 1, 1), False),
        (date(2099, 12, 28), True),
    ],
)
def test_is_working_day(day, working):
    assert is_working_day(day) is working


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (datetime(2026, 11, 25, 9, tzinfo=TOKYO), 3, date(2026, 11, 30)),
        (datetime(2026, 11, 20, 9, tzinfo=TOKYO), 1, date(2026, 11, 24)),
        (datetime(2026, 12, 28, 9, tzinfo=TOKYO), 3, date(2027, 1, 6)),
        # In Tokyo this is already the 26th.
        (datetime(2026, 11, 25, 15, tzinfo=UTC), 1, date(2026, 11, 27)),
        (datetime(2026, 11, 28, 9, tzinfo=TOKYO), 0, date(2026, 11, 28)),
        (datetime(2026, 9, 18, 23, 59, tzinfo=TOKYO), 3, date(2026, 9, 28)),
    ],
)
def test_add_working_days(start, days, due):
    assert add_working_days(start, days) == due


@pytest.mark.parametrize(("now", "warnings"), [("2034-12-31", 0), ("2035-01-01", 1)])
def test_the_end_of_the_table_is_announced_a_year_ahead(now, warnings):
    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=TOKYO)):
        assert len(holidays_are_known(None)) == warnings
