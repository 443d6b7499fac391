from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.staff_roles import StaffRole

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def open_after(client, *pauses):
    """The status of the staff's start page after each of the `pauses` in minutes."""
    moment, answers = timezone.now(), []
    for minutes in pauses:
        moment += timedelta(minutes=minutes)
        with time_machine.travel(moment, tick=False):
            answers.append(client.get(reverse("admin:index")).status_code)
    return answers


@pytest.mark.req("R151")
@pytest.mark.parametrize(
    ("pauses", "answers"),
    [
        ([0, 29, 29, 29], [200, 200, 200, 200]),
        ([0, 31], [200, 302]),
        ([0, *[25] * 28, 25], [200] * 29 + [302]),
    ],
    ids=["at work", "half an hour away", "twelve hours at work"],
)
def test_how_long_staff_stay_logged_in(client, make_staff, pauses, answers):
    client.force_login(make_staff(StaffRole.REVIEWER))

    assert open_after(client, *pauses) == answers
