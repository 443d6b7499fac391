"""Who is there before the first visitor: `python -m tests.journeys.world` makes them and prints their log-ins."""

import json

import django


def make():
    from django.contrib.auth.models import Group

    from tests.factories import PASSWORD, UserFactory

    staff = UserFactory(email="staff@city.example", is_staff=True, language="ja")
    staff.groups.set(Group.objects.all())
    return {"password": PASSWORD, "staff": staff.email}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(make()))  # noqa: T201
