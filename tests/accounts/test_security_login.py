"""Guessing, and getting round the second factor."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.accounts.mail import last_code
from tests.factories import PASSWORD, UserFactory

LOGIN = "/en/account/login/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


def log_in(email, password, **headers):
    client = Client()
    return client, client.post(LOGIN, {"login": email, "password": password}, headers=headers)


def is_in(client):
    return client.get(reverse("accounts:person")).status_code == 200


class TestGuessing:
    @pytest.mark.req("R151")
    def test_an_invented_sender_address_gives_no_further_tries(self):
        """A header that anybody can write; behind a proxy only what the proxy added counts (AU4)."""
        person = UserFactory()
        for number in range(6):
            log_in(person.email, f"wrong {number}", x_forwarded_for=f"198.51.100.{number}")
        client, answer = log_in(person.email, PASSWORD, x_forwarded_for="198.51.100.99")
        assert answer.status_code == 200
        assert not is_in(client)

    def test_behind_a_proxy_its_own_entry_counts(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(11):
            log_in(f"a{number}@inn.example", "wrong", x_forwarded_for=f"198.51.100.{number}, 203.0.113.5")
        person = UserFactory()
        assert log_in(person.email, PASSWORD, x_forwarded_for="192.0.2.1, 203.0.113.5")[1].status_code != 302
        assert log_in(person.email, PASSWORD, x_forwarded_for="203.0.113.5, 203.0.113.6")[1].status_code == 302


class TestSecondFactor:
    @pytest.fixture
    def person(self):
        person = UserFactory()
        TOTP.activate(person, SECRET)
        return person

    @pytest.fixture
    def code(self):
        return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))

    @pytest.mark.req("R151")
    def test_is_asked_for_after_the_password_and_counts_once(self, person, code):
        client, answer = log_in(person.email, PASSWORD)
        assert not is_in(client)
        client.post(answer.url, {"code": code})
        assert is_in(client)

        second, answer = log_in(person.email, PASSWORD)
        second.post(answer.url, {"code": code})
        assert not is_in(second)

    @pytest.mark.req("R151")
    def test_is_asked_for_after_a_mailed_code(self, person):
        client = Client()
        client.post("/en/account/login/code/", {"email": person.email})
        client.post("/en/account/login/code/confirm/", {"code": last_code()})
        assert not is_in(client)

    def test_is_asked_for_after_a_new_password_which_ends_other_sessions(self, person, code):
        elsewhere, answer = log_in(person.email, PASSWORD)
        elsewhere.post(answer.url, {"code": code})
        assert is_in(elsewhere)
        client = Client()
        client.post("/en/account/password/reset/", {"email": person.email})
        client.post("/en/account/password/reset/confirm/", {"code": last_code()})
        new = "another quiet harbour"
        client.post("/en/account/password/reset/complete/", {"password1": new, "password2": new})
        assert not is_in(client)
        assert not is_in(elsewhere)
        assert not is_in(log_in(person.email, new)[0])

    def test_a_recovery_code_works_once(self, person):
        code = RecoveryCodes.activate(person).get_unused_codes()[0]
        for works in (True, False):
            client, answer = log_in(person.email, PASSWORD)
            client.post(answer.url, {"code": code})
            assert is_in(client) is works

    @pytest.mark.req("R151")
    def test_guessing_ends(self, person, code):
        client, answer = log_in(person.email, PASSWORD)
        for _guess in range(6):
            client.post(answer.url, {"code": "000000"})
        client.post(answer.url, {"code": code})
        assert not is_in(client)

    def test_recovery_codes_alone_are_none(self, make_staff):
        """They would open the staff's pages, and nobody is asked for them at the log-in."""
        person = make_staff("administrator")
        Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
        client = Client()
        client.force_login(person)
        assert client.get("/en/admin/").url == reverse("mfa_index")
        assert client.post("/en/admin/accounts/user/").url == reverse("mfa_index")


@pytest.mark.req("R151")
def test_a_log_in_gets_a_new_session_and_its_end_kills_it():
    person, client = UserFactory(), Client()
    session = client.session
    session["typed"] = "planted"
    session.save()
    before = session.session_key
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    after = client.session.session_key
    assert before != after
    cookies = dict(client.cookies)
    assert client.get("/en/account/logout/").status_code == 200
    assert is_in(client)
    client.post("/en/account/logout/")
    client.cookies.update(cookies)
    assert not is_in(client)


def test_who_loses_access_loses_it_at_the_next_page():
    person, client = UserFactory(), Client()
    client.force_login(person)
    assert is_in(client)
    person.is_active = False
    person.save()
    assert not is_in(client)
