"""The application does not lean on row-level security: without it, the table of who may do what holds as before."""

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.models import OperatorPeople
from networking.models import Introduction
from privacy.acting import acting_as
from tests.conftest import database_of_its_own
from tests.plugin import as_owner

from .guarded import GUARDED
from .table import TABLE, checks_of
from .test_matrix import hold
from .world import build

# One of each kind that could take what is another's.
PEOPLE = ["registered", "tokyo owner", "tokyo reader", "paris owner"]
# The routes that read or write guarded tables.
PERSONAL = [
    *(route for route in TABLE if route.startswith(("accounts:", "networking:", "directory:saved"))),
    *("my-page", "directory:listing-detail", "directory:listing-note", "directory:listing-forget"),
]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), database_of_its_own() as name:
        with as_owner(dbname=name) as owner:
            for model in GUARDED:
                owner.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")
        with override_settings(ROOT_URLCONF="tests.outbox.urls"), transaction.atomic():
            yield build()
            transaction.set_rollback(True)


def test_the_second_line_is_out(world):
    with acting_as():
        assert OperatorPeople.objects.exists()
        assert Introduction.objects.exists()


@pytest.mark.req("R043", "R151")
@pytest.mark.parametrize("route", PERSONAL)
def test_the_application_alone_refuses_as_much(world, route):
    hold(world, route, (check for check in checks_of(route) if check.role in PEOPLE and check.method != "HEAD"))
