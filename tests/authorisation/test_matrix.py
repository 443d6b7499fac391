"""Every route × role × method × state of the thing, against the table: what is not named there is refused."""

import re
from collections import defaultdict

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse

from .routes import routes
from .table import FILLED, STAFF_TABLE, TABLE, admin_checks_of, checks_of
from .world import MISSING

FLOOR = 3000
OURS = [route for route in dict.fromkeys(routes()) if not route.startswith(("admin:", "en/"))]
BY_KEY = ("change", "history", "delete", "start", "extract", "password", "paper_add", "copy")
# `admin:accounts_operator_change`, `admin:index`, and without a name `en/admin/accounts/operator/<path:object_id>/`.
PAGE_OF_THE_ADMIN = re.compile(
    r"admin:(?:(accounts|directory|inquiries|networking|outbox|privacy)_([a-z]+)_)?(\w+)|en/admin/(?:(\w+)/(\w+)/)?.*"
)
ARGUMENTS = {"mail": {"name": "none"}, "passkey": {"pk": 1}, "side": {"side": "domestic"}} | {
    "policy": {"document": "privacy"},
    "purpose": {"purpose": "newsletter"},
    "portability schema": {"version": 1},
    "policy version": {"document": "privacy", "number": 1},
    "release": {"month": "2026-10"},
    "release file": {"month": "2026-10", "table": "list"},
    "policy difference": {"document": "site-policy", "old": 1, "new": 2},
}
ACTS = {
    "networking.introduction": "settle",
    "privacy.policyversion": "check",
    "inquiries.inquiry": "answer",
    "inquiries.childcase": "clear",
    "accounts.operator": "suspend",
    "accounts.membership": "name-owner",
    "accounts.user": "deactivate",
    "privacy.breach": "close",
    "privacy.recipientkey": "revoke",
    "privacy.export": "cancel",
    "privacy.erasure": "expedite",
    "privacy.retentionresult": "release",
    "privacy.retentionrule": "sign",
    "privacy.request": "acknowledge",
    "privacy.mandate": "revoke",
}
LEADS_TO = {
    "/en/account/login/": "login",
    "/en/admin/login/": "admin login",
    "/en/account/2fa/": "second factor",
    "/en/account/reauthenticate/": "reauthenticate",
}
REFUSED = {"403", "404", "405", "login", "admin login", "second factor"}
# A refused request may change its session (a message, a log-in that is asked for); nothing else of it stays.
WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|usersessions_usersession)')


def test_every_route_is_in_the_table():
    assert set(OURS) == set(TABLE)


def test_every_page_of_the_admin_is_in_the_table():
    found = {PAGE_OF_THE_ADMIN.sub(_page, route) for route in routes() if "admin" in route}

    assert found == {f"{page} {model}".strip() for page, model in STAFF_TABLE}


def _page(match):
    app, model, page, nameless_app, nameless_model = match.groups()
    if page is None:
        return f"redirect {nameless_app}.{nameless_model}" if nameless_app else "nowhere"
    return f"{page} {app}.{model}" if app else page


def test_there_are_enough_checks():
    checks = [*map(checks_of, OURS), *(admin_checks_of(*page) for page in STAFF_TABLE)]

    assert sum(len(list(some)) for some in checks) >= FLOOR


@pytest.mark.req("R043", "R151")
@pytest.mark.parametrize("route", OURS)
def test_what_comes_of_a_request_is_what_the_table_says(world, route):
    hold(world, route, checks_of(route))


def hold(world, route, checks):
    """Assert that the checks of a route come out as the table says."""
    failures, refusals = [], defaultdict(dict)
    for check in checks:
        arguments, data = asked(world, check, route)
        found, answer, writes = ask(world, check, reverse(route, kwargs=arguments), data)
        if found != check.outcome or (found in REFUSED and writes) or (check.method == "HEAD" and answer[-1]):
            failures.append((*check, found, writes))
        if found == "404":
            refusals[check.role, check.method][check.owner] = answer
    assert not failures
    for (role, method), answers in refusals.items():
        # What belongs to others looks like what does not exist, to the byte.
        assert all(answer == answers.get(MISSING, answer) for answer in answers.values()), (role, method)


@pytest.mark.req("R049", "R150", "R151")
@pytest.mark.parametrize(("view", "model"), STAFF_TABLE)
def test_what_comes_of_a_request_to_the_admin_is_what_the_table_says(world, view, model):
    failures = []
    for check in admin_checks_of(view, model):
        found, _answer, writes = ask(world, check, admin_path(world, view, model))
        if found != check.outcome or (found in REFUSED and writes):
            failures.append((*check, found, writes))
    assert not failures


def ask(world, check, path, data=None):
    """(what came of it, all that a person could compare, what it wrote); the world stays as it was."""
    writes = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    if check.method == "POST":
        # No check uses up the tries of the next.
        cache.clear()
    with transaction.atomic(), connection.execute_wrapper(watch):
        response = world.ask(check.role, check.method, path, data)
        transaction.set_rollback(True)
    headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
    body = b"".join(response.streaming_content) if response.streaming else response.content
    found = str(response.status_code)
    if found == "302":
        found = LEADS_TO.get(response["Location"].partition("?")[0], found)
    return found, (headers, set(response.cookies), body), writes


def asked(world, check, route):
    """The arguments of the address, and the form."""
    arguments = ARGUMENTS.get(check.thing) or world.things.get(check.thing, {}).get(check.owner, {})
    data = FILLED.get(route, {}) if check.method == "POST" else None
    if check.thing == "operator in the form":
        return {}, {"operator": world.things["operator"][check.owner]["ref"]}
    return arguments, data


def admin_path(world, page, model):
    key = world.things["admin"].get(model, {}).get("pk")
    match page:
        case "nowhere":
            return "/en/admin/nowhere/"
        case "redirect":
            return f"/en/admin/{model.replace('.', '/')}/{key}/"
        case "app_list":
            return reverse("admin:app_list", args=["accounts"])
        case "view_on_site":
            return reverse("admin:view_on_site", args=[0, 0])
        case "act":
            return reverse(f"admin:{model.replace('.', '_')}_act", args=[key, ACTS.get(model, "approve")])
        case "paper":
            return reverse("admin:privacy_request_paper", args=[key, world.things["paper"][""]["pk"]])
    name = f"admin:{model.replace('.', '_')}_{page}" if model else f"admin:{page}"
    return reverse(name, args=[key] if page in BY_KEY else [])
