"""Forms that others made: without the token, with fields that no form has, by methods that no page knows."""

import pytest
from django.db import transaction
from django.http.cookie import SimpleCookie
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from accounts.models import Membership, Operator, User

from .table import FILLED, STAFF_TABLE, TABLE
from .test_matrix import ARGUMENTS, OURS, admin_path

# Whoever has the signed address may press its button, and a mail programme does so without a form (RFC 8058).
SIGNED_BY_US = {"privacy:withdrawal"}
WITH_A_FORM = [route for route in OURS if "POST" in TABLE[route] and route not in SIGNED_BY_US]
FORGED = {
    "side": "overseas",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "status": "closed",
    "approved_at": "2030-01-01",
    "tokyo_office_confirmed_at": "2030-01-01",
    "in_cross_view": "on",
    "operator": "1",
    "user": "1",
    "acting_for": "1",
    "by": "1",
    "licence_checked_on": "2030-01-01",
    "groups": "1",
    "verified": "on",
}


def address(world, route, owner="tokyo"):
    thing = next(row.thing for rows in TABLE[route].values() for row in rows)
    arguments = ARGUMENTS.get(thing) or world.things.get(thing, {}).get(owner, {})
    return reverse(route, kwargs={} if thing == "operator in the form" else arguments)


@pytest.mark.req("R151")
@pytest.mark.parametrize("role", ["public", "tokyo owner"])
def test_no_form_is_taken_without_its_token(world, role):
    handler = ClientHandler(enforce_csrf_checks=True)
    factory = RequestFactory()
    factory.cookies = SimpleCookie(world.cookies[role])
    taken = []
    for route in WITH_A_FORM:
        with transaction.atomic():
            response = handler(factory.post(address(world, route), FILLED.get(route, {})).environ)
            transaction.set_rollback(True)
        # Who is not logged in is led to the log-in before the form is looked at.
        if response.status_code != 403 and not response.get("Location", "").startswith("/en/account/login/"):
            taken.append((route, response.status_code))
    assert taken == []


@pytest.mark.req("R151")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_pages_know_three_methods(world, method):
    addresses = [address(world, route) for route in OURS] + [admin_path(world, *page) for page in STAFF_TABLE]

    statuses = {path: world.ask("tokyo owner", method, path).status_code for path in addresses}

    assert {path: status for path, status in statuses.items() if status != 405} == {}


def _facts(world):
    """What only staff, or a step of its own, may change."""
    people = ("side", "is_staff", "is_superuser", "is_active", "email")
    operators = ("side", "status", "approved_at", "tokyo_office_confirmed_at", "licence_checked_on", "business_name")
    return (
        list(User.objects.order_by("pk").values_list("pk", *people)),
        list(Operator.objects.order_by("pk").values_list("pk", *operators)),
        list(Membership.objects.order_by("pk").values_list("pk", "user", "operator")),
        list(User.groups.through.objects.order_by("pk").values_list("user", "group")),
    )


# These change what is compared, as they should.
MEANT_TO = {"accounts:membership-remove", "accounts:join-request-answer", "accounts:registration-begin"}


@pytest.mark.req("R151", "C13")
@pytest.mark.parametrize("route", [route for route in WITH_A_FORM if ":" in route and route not in MEANT_TO])
def test_a_form_takes_its_own_fields_only(world, route):
    before = _facts(world)

    with transaction.atomic():
        response = world.ask("tokyo owner", "POST", address(world, route), FORGED | FILLED.get(route, {}))
        after = _facts(world)
        transaction.set_rollback(True)

    assert response.status_code < 500
    assert after == before
