import functools
import itertools
import os
from contextlib import contextmanager

import pytest
from celery import Task
from django.core.cache import cache
from django.core.management import BaseCommand
from django.db import connections
from django.utils import translation

from privacy.erasure import journal
from tests.nobody import nobody
from tests.plugin import database_copy

_numbers = itertools.count(1)


def _name():
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"test_{os.getpid()}_{worker}_{next(_numbers)}"


@contextmanager
def database_of_its_own():
    """All connections lead to a fresh copy for as long as the context lasts; gives its name."""
    with database_copy(_name()) as name:
        before = _use(name)
        yield name
        _use(before)


def _use(name):
    """Let every thread's next connection lead to the database `name`; returns the name before."""
    connections.close_all()
    settings = connections["default"].settings_dict
    before, settings["NAME"] = settings["NAME"], name
    return before


@pytest.fixture(scope="session")
def django_db_setup():
    """As in pytest-django, but the tests run as the role that serves, which may not create a database."""
    # The copies of the database were migrated beside another folder (tests.settings).
    journal.begin()
    with database_of_its_own():
        yield


@pytest.fixture
def committing_db(request, django_db_setup, django_db_blocker):
    """A database of this test's own, in which transactions commit; use it instead of `transaction=True`.

    Django would empty the tables afterwards with TRUNCATE, which the serving role may not do.
    """
    if "_django_db_helper" in request.fixturenames and request.node.get_closest_marker("django_db"):
        raise pytest.UsageError("`committing_db` and the mark `django_db` exclude each other")
    with django_db_blocker.unblock(), database_of_its_own():
        yield


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _serves(monkeypatch):
    """What another test erased is no reason to serve nothing in this one."""
    from tmgportal import serving

    monkeypatch.setattr(serving, "_known", serving.Known(is_behind=False, until=float("inf")))


@pytest.fixture(autouse=True)
def _english():
    """A page that a test read in Japanese leaves the process in that language."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _commands_and_tasks_begin_as_nobody(monkeypatch):
    """As outside of tests: whoever forgets to say that the portal acts finds nothing."""
    for kind, name in ((BaseCommand, "execute"), (Task, "__call__")):
        monkeypatch.setattr(kind, name, _as_nobody(getattr(kind, name)))


def _as_nobody(act):
    @functools.wraps(act)
    def run(*args, **kwargs):
        with nobody():
            return act(*args, **kwargs)

    return run


@pytest.fixture
def make_staff(db):
    """`make_staff(role)` returns a member of staff in the group of that role."""
    from django.contrib.auth.models import Group

    from tests.factories import UserFactory

    def make(role):
        person = UserFactory(is_staff=True, recipient="contractor" if role == "contractor operations" else "")
        person.groups.add(Group.objects.get(name=role))
        return person

    return make
