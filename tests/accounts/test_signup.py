"""Sign-up: one person per address, nothing said about who has one, nothing kept without the terms."""

import re
from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from outbox.models import Message
from privacy.models import Subject
from tests.accounts.mail import last_code, messages_to, read_all
from tests.factories import UserFactory

SIGN_UP = "/en/account/signup/"
CONFIRM = "/en/account/confirm-email/"
GOOD = {"password1": "a quiet harbour at dawn", "terms": "on"}


def sign_up(client, email, url=SIGN_UP, **changes):
    return client.post(url, {"email": email, **GOOD, **changes})


@pytest.mark.req("R005")
@pytest.mark.django_db
def test_who_does_not_agree_to_the_terms_leaves_nothing(client):
    response = sign_up(client, "new@inn.example", terms="")

    assert response.context["form"].errors["terms"]
    assert response.context["form"]["email"].value() == "new@inn.example"
    assert not any(model.objects.exists() for model in (User, Subject, Message, Session))


@pytest.mark.req("R005")
@pytest.mark.django_db
def test_agreement_is_not_ticked_for_anybody(client):
    assert not client.get(SIGN_UP).context["form"]["terms"].value()


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "language"), [("/en/account/signup/", "en"), ("/ja/account/signup/", "ja")])
def test_person_gets_the_language_of_the_page(client, page, language):
    sign_up(client, "new@inn.example", url=page)
    assert User.objects.get().language == language
    assert read_all()[0].extra_headers["Content-Language"] == language


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spelling",
    [
        "known@inn.example",
        "KNOWN@Inn.Example",
        "ｋｎｏｗｎ＠ｉｎｎ．ｅｘａｍｐｌｅ",
        " known@ｉnn.example ",
        "known@inn\u200b.example",
    ],
)
def test_every_spelling_of_an_address_is_the_same_person(client, spelling):
    UserFactory(email="known@inn.example")
    sign_up(client, spelling)
    assert User.objects.count() == 1
    assert messages_to("known@inn.example") == ["account_already_exists"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["\u0430dmin@inn.example", "a@b", "ü@inn.example", "x" * 300 + "@inn.example"])
def test_an_address_that_passes_for_another_is_refused(client, address):
    response = sign_up(client, address)
    assert response.status_code == 200
    assert response.context["form"]["email"].value() == address
    assert not User.objects.exists()


def steps(client, url, data):
    """What somebody without a mailbox sees: answers and pages, without what differs between any two."""
    answer = client.post(url, data)
    page = client.get(answer.url)
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", page.content.decode()).replace(data["email"], "ADDRESS")
    return answer.status_code, answer.url, page.status_code, text


@pytest.mark.req("R151")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", [SIGN_UP, "/en/account/password/reset/", "/en/account/login/code/"], ids=["sign-up", "reset", "code"]
)
def test_known_and_unknown_addresses_get_the_same_answer(url):
    UserFactory(email="known@inn.example")
    seen = {}
    for email in ("known@inn.example", "other@inn.example"):
        seen[email] = steps(Client(), url, {"email": email, **GOOD})
        assert len(messages_to(email)) == 1
    assert seen["known@inn.example"] == seen["other@inn.example"]


@pytest.mark.django_db
def test_the_newest_of_two_unverified_sign_ups_counts():
    first, second = Client(), Client()
    sign_up(first, "new@inn.example", password1="the password of the first")
    sign_up(second, "new@inn.example")
    assert second.post(CONFIRM, {"code": last_code()}).status_code == 302
    assert User.objects.get().check_password(GOOD["password1"])
    assert Subject.objects.count() == 1
    assert messages_to("new@inn.example") == ["email_confirmation_signup"] * 2


def test_a_double_click_makes_one_person(committing_db):
    clients, barrier, answers = [Client(), Client()], Barrier(2), []

    def click(client):
        barrier.wait()
        answers.append(sign_up(client, "new@inn.example").status_code)
        connection.close()

    threads = [Thread(target=click, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert User.objects.count() == Subject.objects.count() == 1


@pytest.mark.django_db
def test_a_japanese_keyboard_may_type_the_code_full_width(client):
    sign_up(client, "new@inn.example")
    typed = last_code().lower().translate({ord(sign): ord(sign) + 0xFEE0 for sign in map(chr, range(0x21, 0x7F))})

    assert client.post(CONFIRM, {"code": typed}).status_code == 302
    assert EmailAddress.objects.get().verified


@pytest.mark.django_db
def test_codes_expire_and_mail_names_only_the_portal(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    settings.SITE_URL = "https://portal.example"
    UserFactory(email="known@inn.example")
    for email in ("new@inn.example", "known@inn.example"):
        Client(HTTP_HOST="other.example").post(SIGN_UP, {"email": email, **GOOD})
        Client(HTTP_HOST="other.example").post("/en/account/password/reset/", {"email": email})
    for mail in read_all():
        assert set(re.findall(r"https?://[^/\s]+", mail.body)) == {"https://portal.example"}
    for message in Message.objects.filter(context__has_key="code"):
        assert message.expires_at - message.created_at <= timedelta(minutes=15, seconds=1)


@pytest.mark.req("R151")
@pytest.mark.django_db
def test_sign_up_needs_the_token():
    client = Client(enforce_csrf_checks=True)
    assert sign_up(client, "new@inn.example").status_code == 403
    assert not User.objects.exists()


@pytest.mark.req("R110")
@pytest.mark.django_db
def test_sign_ups_without_a_code_are_deleted_after_a_day(client):
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=True):
        sign_up(client, "late@inn.example")
    sign_up(Client(), "new@inn.example")
    UserFactory(email="member@inn.example", date_joined=timezone.now() - timedelta(days=9))

    told = StringIO()
    call_command("delete_unverified_signups", "--dry-run", stdout=told)
    assert told.getvalue() == "1 sign-ups would be deleted\n"
    assert User.objects.count() == 3
    call_command("delete_unverified_signups", stdout=told)
    assert set(User.objects.values_list("email", flat=True)) == {"new@inn.example", "member@inn.example"}
    assert Subject.objects.count() == 2
