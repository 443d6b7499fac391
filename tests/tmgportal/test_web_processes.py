"""The web server as it is run: several processes with one database and one cache, any of which may die."""

import http.client
from contextlib import ExitStack
from urllib.parse import urlencode

import pytest
from django.db import connection

from accounts.models import User
from tests.accounts.mail import last_code, messages_to
from tests.factories import PASSWORD, UserFactory
from tests.journeys.portal import Portal

LOGIN, SIGN_UP, CONFIRM = "/en/account/login/", "/en/account/signup/", "/en/account/confirm-email/"
# Those of the tests (0, 1, …) and that of the journeys (15) are taken.
CACHE_OF_ITS_OWN = 14
FAILURES_ALLOWED = 5

pytestmark = pytest.mark.usefixtures("committing_db")


class Browser:
    """Speaks with one web server after the other, and keeps their cookies."""

    def __init__(self):
        self.cookies = {"__Host-csrf": "c" * 32}

    def post(self, portal, path, **form):
        """The status of the answer."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = urlencode({"csrfmiddlewaretoken": self.cookies["__Host-csrf"]} | form)
        server = http.client.HTTPConnection("localhost", portal.port, timeout=20)
        server.request("POST", path, body, headers)
        answer = server.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        server.close()
        return answer.status


@pytest.fixture
def make_web(settings, tmp_path):
    """`make_web(cache)` starts one more web server, with the database of Valkey of that number as its cache."""
    with ExitStack() as stack:

        def make(cache=None):
            cache = settings.REDIS_URL.rpartition("/")[2] if cache is None else cache
            portal = Portal(connection.settings_dict["NAME"], tmp_path, cache)
            if not (tmp_path / "static").exists():
                portal.collect_static()
            stack.callback(portal.stop)
            portal.web.start()
            return portal

        yield make


def fail_to_log_in(email, portals):
    """As often as is allowed, at each of `portals` in turn."""
    for number in range(FAILURES_ALLOWED):
        assert Browser().post(portals[number % len(portals)], LOGIN, login=email, password="a wrong password") == 200


@pytest.mark.req("R151")
def test_failed_log_ins_are_counted_across_processes(make_web, settings):
    # The real settings know no other.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person = UserFactory()
    first, second, elsewhere = make_web(), make_web(), make_web(CACHE_OF_ITS_OWN)
    for portal in (first, second, elsewhere):
        portal.await_web()

    fail_to_log_in(person.email, [first, second])

    def answers(portal):
        return Browser().post(portal, LOGIN, login=person.email, password=PASSWORD)

    assert [answers(first), answers(second)] == [200, 200]
    # It is the common cache that refuses.
    assert answers(elsewhere) == 302


def test_what_was_answered_outlives_the_process_that_answered(make_web):
    portal, browser = make_web(), Browser()
    portal.await_web()
    email = "new@inn.example"
    form = {"email": email, "password1": PASSWORD, "terms": "on"}

    assert browser.post(portal, SIGN_UP, **form) == 302
    portal.web.kill_group()

    assert User.objects.get().email == email
    assert messages_to(email) == ["email_confirmation_signup"]
    portal.web.start()
    portal.await_web()
    assert browser.post(portal, CONFIRM, code=last_code()) == 302
    assert User.objects.get().emailaddress_set.get().verified
