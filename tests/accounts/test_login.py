"""Logging in, and what the account's holder is told."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.accounts.mail import last_code, messages_to, read_all
from tests.factories import PASSWORD, UserFactory, make_member

db = pytest.mark.django_db
LOGIN = "/en/account/login/"


@db
def test_address_may_be_typed_in_any_width(client):
    UserFactory(email="known@inn.example")
    response = client.post(LOGIN, {"login": "ＫＮＯＷＮ＠inn.example", "password": PASSWORD})
    assert response.url == reverse("accounts:registration-start")


@db
def test_a_member_arrives_at_their_page(client):
    person = make_member()
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert response.url == reverse("my-page")


@db
def test_log_in_by_mailed_code(client):
    UserFactory(email="known@inn.example")
    client.post("/en/account/login/code/", {"email": "Known@inn.example"})
    response = client.post("/en/account/login/code/confirm/", {"code": last_code()})
    assert response.status_code == 302
    assert client.session["_auth_user_id"]


@db
def test_password_reset_by_code_tells_the_holder_in_their_language(client):
    UserFactory(email="known@inn.example", language="ja")
    client.post("/en/account/password/reset/", {"email": "known@inn.example"})
    client.post("/en/account/password/reset/confirm/", {"code": last_code()})
    client.post(
        "/en/account/password/reset/complete/",
        {"password1": "another quiet harbour", "password2": "another quiet harbour"},
    )
    assert messages_to("known@inn.example") == ["password_reset_code", "password_reset"]
    code, notice = read_all()
    assert "コード" not in code.subject
    assert notice.subject == "パスワードが再設定されました"
    assert client.post(LOGIN, {"login": "known@inn.example", "password": "another quiet harbour"}).status_code == 302


@pytest.mark.req("R046")
@db
def test_former_address_is_told_of_a_new_one(client):
    person = UserFactory(email="old@inn.example")
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})
    client.post("/en/account/email/", {"action_add": "", "email": "Ｎew@inn.example"})
    client.post("/en/account/confirm-email/", {"code": last_code()})
    person.refresh_from_db()
    assert person.email == "new@inn.example"
    assert "email_changed" in messages_to("old@inn.example")


@db
@pytest.mark.parametrize("place", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"])
def test_log_in_leads_nowhere_else(place):
    person = UserFactory()
    response = Client().post(f"{LOGIN}?next={place}", {"login": person.email, "password": PASSWORD, "next": place})
    assert response.status_code == 302
    assert response.url == reverse("accounts:registration-start")


@pytest.mark.req("R151")
def test_an_added_authenticator_is_told_by_mail(committing_db):
    """allauth tells of it after the commit, when there is no transaction to write in any more."""
    person, client = UserFactory(), Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/en/account/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/en/account/2fa/totp/activate/", {"code": code}).status_code == 302
    assert messages_to(person.email) == ["totp_activated"]
    assert secret not in str(Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data)


@pytest.mark.req("R151")
@db
def test_failed_log_ins_are_counted_under_whatever_host_they_are_asked_for(client):
    person = UserFactory()
    for port in range(5):
        client.post(
            LOGIN, {"login": person.email, "password": "a wrong password"}, headers={"host": f"testserver:{port}"}
        )
    assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).status_code == 200
