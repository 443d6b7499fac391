"""Sixteen or older: asked by two links that keep nothing, stated above the button, proved by the ledger."""

import hashlib
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts import statements
from accounts.models import User
from privacy.models import Document, LedgerEvent, Matter, State
from tests.accounts.mail import last_code
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_UP, CONFIRM = "/en/account/signup/", "/en/account/confirm-email/"
GOOD = {"email": "new@inn.example", "password1": "a quiet harbour at dawn", "terms": "on"}


def rows():
    """How many rows each table has."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model._meta.label: model._default_manager.count() for model in models}


def said():
    """{(matter, document): state} of the only person."""
    person = User.objects.get()
    return {(event.matter, event.document): event.state for event in LedgerEvent.objects.filter(subject_ref=person.ref)}


@pytest.mark.req("R111")
@pytest.mark.parametrize("asks_for", ["en", "ja"])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("page", ["accounts:age", "accounts:under-age"])
def test_neither_answer_stores_anything_or_sets_a_cookie(client, page, language, asks_for):
    before = rows()
    with override(language):
        path = reverse(page)

    response = client.get(path, HTTP_ACCEPT_LANGUAGE=asks_for)

    content = response.content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    assert response.status_code == 200
    assert not response.cookies
    assert "<form" not in main
    assert rows() == before


@pytest.mark.req("R111")
def test_whoever_is_sixteen_goes_on_to_where_they_wanted(client):
    begin = reverse("accounts:registration-begin", args=["overseas"])
    start = client.get(begin).content.decode()

    asked = client.get(re.search(r'href="([^"]*/age/[^"]*)"', start)[1])

    yes, no = re.findall(r'<a class="btn[^"]*" href="([^"]+)"', asked.content.decode())
    assert yes == f"{SIGN_UP}?next={begin}"
    assert client.get(no).context["request"].path == reverse("accounts:under-age")


def test_a_way_back_that_leads_elsewhere_is_not_taken(client):
    asked = client.get(reverse("accounts:age"), {"next": 'https://elsewhere.example/"><script>'}).content.decode()
    onward = re.search(r'href="([^"]*/signup/[^"]*)"', asked)[1]

    client.post(onward, GOOD)
    answer = client.post(CONFIRM, {"code": last_code()})

    assert "<script>" not in asked.replace("<script src", "")
    assert answer["Location"].startswith("/en/")


@pytest.mark.req("R111")
def test_the_statement_stands_above_the_button(client):
    page = client.get(SIGN_UP).content.decode()

    assert page.index(str(statements.AGE)) < page.index("Send me a code")


@pytest.mark.req("R005", "R111", "L01")
def test_what_was_stated_is_in_the_ledger_once_the_address_is_known(client):
    client.post(SIGN_UP, GOOD)
    assert said() == {}

    client.post(CONFIRM, {"code": last_code()})

    assert said()[Matter.AGE, ""] == State.ATTESTED
    assert said()[Matter.POLICY, Document.TERMS] == State.ACCEPTED
    assert said()[Matter.POLICY, Document.PRIVACY] == State.INFORMED
    event = LedgerEvent.objects.get(matter=Matter.AGE)
    assert (event.actor, event.language, event.proof["surface"]) == ("self", "en", "account_signup")
    assert event.proof["served"] == hashlib.sha256(str(statements.AGE).encode()).hexdigest()


@pytest.mark.req("L01")
@pytest.mark.parametrize(
    ("ask", "typing"),
    [("/en/account/login/code/", "/en/account/login/code/confirm/"), ("/en/account/password/reset/", None)],
)
def test_an_address_is_also_known_by_other_codes(client, ask, typing):
    client.post(SIGN_UP, GOOD)
    client.cookies.clear()

    asked = client.post(ask, {"email": GOOD["email"]})
    client.post(typing or asked["Location"], {"code": last_code()})

    assert said()[Matter.AGE, ""] == State.ATTESTED
    assert said()[Matter.POLICY, Document.TERMS] == State.ACCEPTED


@pytest.mark.req("R005")
def test_confirming_another_address_later_says_nothing_new(client):
    person = UserFactory()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    before = LedgerEvent.objects.count()

    client.post(reverse("account_email"), {"action_add": "", "email": "new@inn.example"})
    client.post(CONFIRM, {"code": last_code()})

    person.refresh_from_db()
    assert person.email == "new@inn.example"
    assert LedgerEvent.objects.count() == before


@pytest.mark.req("L01")
def test_staff_read_the_day_of_the_statement_as_every_other_day(client):
    client.post(SIGN_UP, GOOD)
    client.post(CONFIRM, {"code": last_code()})
    stated = LedgerEvent.objects.get(matter=Matter.AGE)

    shown = admin.site.get_model_admin(User).said_to_be_of_age(User.objects.get(email=GOOD["email"]))

    assert shown == date_format(timezone.localtime(stated.at), "DATETIME_FORMAT")
