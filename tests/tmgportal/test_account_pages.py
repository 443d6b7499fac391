"""allauth's pages in our dress: each is complete, in both languages, with nothing that it was not given."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tests.factories import PASSWORD, UserFactory

LANGUAGES = ["en", "ja"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Somebody who has logged in and has just been asked for the password again."""
    person = UserFactory()
    client.post("/en/account/login/", {"login": person.email, "password": PASSWORD})
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})
    return person


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.headers.get("Location")
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["login/", "signup/", "login/code/", "password/reset/", "inactive/"])
def test_pages_before_logging_in(client, language, address):
    page = read(client, f"/{language}/account/{address}")

    assert page.count("<h1>") == 1
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "address",
    [
        "email/",
        "password/change/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "sessions/",
        "logout/",
        "reauthenticate/",
    ],
)
def test_pages_of_the_log_in(client, person, language, address):
    page = read(client, f"/{language}/account/{address}")

    assert page.count("<h1>") == 1
    assert "style=" not in page


def test_pages_of_somebody_with_recovery_codes_and_passkeys(client, person):
    RecoveryCodes.activate(person)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    passkey = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key", "credential": {}}
    )

    assert "10" in read(client, "/en/account/2fa/")
    assert len(re.findall(r"<li>\w+</li>", read(client, "/en/account/2fa/recovery-codes/"))) == 10
    assert "Blue key" in read(client, "/en/account/2fa/webauthn/")
    for address in (
        "2fa/recovery-codes/generate/",
        "2fa/totp/deactivate/",
        f"2fa/webauthn/keys/{passkey.pk}/remove/",
        f"2fa/webauthn/keys/{passkey.pk}/edit/",
    ):
        read(client, f"/ja/account/{address}")


def test_the_second_step_is_asked_for(client):
    person = UserFactory()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})

    response = client.post("/en/account/login/", {"login": person.email, "password": PASSWORD}, follow=True)

    assert "<h1>Second step</h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("login/", {"login": "", "password": ""}),
        ("signup/", {"email": "somebody", "password1": "x"}),
        ("login/code/", {"email": ""}),
        ("password/reset/", {"email": "@"}),
    ],
)
def test_what_was_refused_is_explained_at_the_top(client, address, typed):
    page = client.post(f"/en/account/{address}", typed).content.decode()

    assert "<title>Error: " in page
    assert 'class="error-summary"' in page
    for target in re.findall(r'<li><a href="#(.*?)">', page):
        assert f'id="{target}"' in page


def test_the_page_for_the_code(client):
    response = client.post(
        "/ja/account/signup/",
        {"email": "new@business.example", "password1": "a long enough one", "terms": "on"},
        follow=True,
    )

    page = response.content.decode()
    assert response.redirect_chain
    assert "new@business.example" in page
    assert 'name="code"' in page
    assert "エラー" not in page

    wrong = client.post(response.redirect_chain[-1][0], {"code": "000000"}).content.decode()
    assert "<title>エラー：" in wrong


def test_staff_change_their_password_where_everybody_does(client, make_staff, settings):
    """Django's own page would set it without a limit on tries and without a notice by mail."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff("administrator"))

    for answer in (client.get("/en/admin/password_change/"), client.post("/en/admin/password_change/")):
        assert (answer.status_code, answer["Location"]) == (302, "/en/account/password/change/")
