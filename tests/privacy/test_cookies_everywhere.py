"""Whatever page somebody asks for: no cookie but those of the list, and no way to anybody else before the consent."""

import base64
import re
from contextlib import suppress

import pytest
from django.urls import reverse

from accounts.models import User
from privacy import cookies
from tests.authorisation.conftest import world  # noqa: F401
from tests.authorisation.table import STAFF_TABLE, checks_of
from tests.authorisation.test_matrix import OURS, admin_path, asked
from tests.authorisation.world import CANARIES
from tests.test_consistency import Page, fetch
from tmgportal.middleware import CONTENT_SECURITY_POLICY


@pytest.fixture(autouse=True)
def _analytics(settings):
    settings.GOOGLE_ANALYTICS_ID = "G-TEST0000"


ROLES = ["public", "unverified", "tokyo owner", "administrator"]


def answers(world, role):  # noqa: F811
    for route in OURS:
        for check in {one.method: one for one in checks_of(route) if one.role == role}.values():
            arguments, data = asked(world, check, route)
            yield fetch(world, role, check.method, reverse(route, kwargs=arguments), data)
    for page, model in STAFF_TABLE:
        yield fetch(world, role, "GET", admin_path(world, page, model))


@pytest.mark.req("R126", "R127", "R137")
@pytest.mark.parametrize("role", ROLES)
def test_every_cookie_is_in_the_list_does_no_harm_and_says_nothing_about_a_person(world, role):  # noqa: F811
    listed = list(cookies.cookies())
    persons = [*CANARIES.values(), *User.objects.values_list("email", flat=True)]
    found = set()
    for response in answers(world, role):
        for name, morsel in response.cookies.items():
            (cookie,) = [one for one in listed if one.matches(name)]
            found.add(name)
            assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax")
            assert (morsel["path"], morsel["domain"]) == ("/", "")
            assert morsel["max-age"] == "" or morsel["max-age"] <= cookie.lifetime.total_seconds()
            assert len(morsel.value) < 200
            assert not [one for one in persons if one in readable(morsel.value)]
    assert cookies.CONSENT_COOKIE in found


@pytest.mark.req("R124", "R137", "L09")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_reaches_anybody_else_before_the_consent(world, role):  # noqa: F811
    for response in answers(world, role):
        is_page = response["Content-Type"].startswith("text/html") and response.status_code == 200
        assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert not is_page or not Page(response.content.decode()).faults


def readable(value):
    """The value of a cookie with all that can be read out of it without a key."""
    found = [value]
    for part in re.split(r"[:.]", value):
        with suppress(ValueError):
            found.append(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode(errors="ignore"))
    return "\n".join(found)
