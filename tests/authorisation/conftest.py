import pytest
from django.db import transaction
from django.test import override_settings

from .world import build


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once for all tests of a module, in a transaction that is rolled back after them.

    With the mailbox of the demonstration: the matrix is to know every page.
    """
    with django_db_blocker.unblock(), override_settings(ROOT_URLCONF="tests.outbox.urls"), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
