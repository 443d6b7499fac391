"""Closing one's account: what is said before, the password once more, a week to come back (R064, R094)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from privacy import erasure
from privacy.models import Erasure, LedgerEvent
from tests.factories import PASSWORD, DomesticRegistrationFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
PAGE, CALL_OFF = "/en/privacy-centre/closing/", "/en/privacy-centre/closing/call-off/"


@pytest.fixture
def person():
    return make_member()


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def trusted(browser):
    """The password was typed a moment ago."""
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def said(browser):
    return browser.get(PAGE).content.decode()


@pytest.mark.req("R064")
def test_the_page_says_what_cannot_be_withheld_and_that_one_may_leave(browser):
    text = said(browser)

    assert "its number here, its name, its country or municipality, and its side" in text
    assert "Whoever does not want that may leave, here." in text


@pytest.mark.req("R064")
@pytest.mark.parametrize("name", ["my-page", "accounts:person", "privacy:centre"])
def test_the_ways_lead_here(browser, name):
    assert f'href="{PAGE}"' in browser.get(reverse(name)).content.decode()


@pytest.mark.req("R064", "R094")
def test_a_session_alone_closes_nothing(browser):
    answer = browser.post(PAGE, {"understood": "on"})

    assert answer["Location"].startswith("/en/account/reauthenticate/")
    assert not Erasure.objects.exists()


@pytest.mark.req("R064", "R094")
def test_with_the_password_the_account_closes_and_what_was_asked_is_not_typed_again(browser, person):
    there = browser.post(PAGE, {"understood": "on"})["Location"]

    browser.post(there, {"password": PASSWORD})

    begun = Erasure.objects.get()
    assert (begun.subject, begun.reason, begun.due_at - begun.frozen_at) == (
        person.subject,
        "closure",
        timedelta(days=7),
    )
    event = LedgerEvent.objects.filter(subject_ref=person.ref).first()
    assert (event.actor, event.proof["surface"], event.language) == ("self", "privacy:closing", "en")


def test_without_the_tick_nothing_happens_and_no_password_is_asked(browser):
    page = browser.post(PAGE, {})

    assert page.status_code == 200
    assert "Tick" in page.content.decode()
    assert not Erasure.objects.exists()


def test_a_double_click_closes_once(trusted):
    for _click in range(2):
        assert trusted.post(PAGE, {"understood": "on"}).status_code == 302

    assert Erasure.objects.count() == 1


@pytest.mark.req("R094")
def test_until_then_one_can_sign_in_and_stay(trusted, person):
    trusted.post(PAGE, {"understood": "on"})
    assert "Until then you can stop it." in said(trusted)

    assert "Your account is being closed" in trusted.get("/en/privacy-centre/").content.decode()

    answer = trusted.post(CALL_OFF, follow=True)

    assert "Your account stays. Nothing was deleted." in answer.content.decode()
    assert answer.redirect_chain == [("/en/privacy-centre/", 302)]
    assert "Your account is being closed" not in answer.content.decode()
    begun = Erasure.objects.get()
    with time_machine.travel(begun.due_at + timedelta(hours=1)):
        assert erasure.run_due() == []


def test_stopping_what_is_not_begun_is_no_error(trusted):
    assert "Nothing is being deleted." in trusted.post(CALL_OFF, follow=True).content.decode()


@pytest.mark.req("R113")
def test_a_child_is_told_and_cannot_stop_it(trusted, person):
    erasure.start(person.subject, "child")

    assert "only the secretariat can stop that" in said(trusted)
    assert CALL_OFF not in said(trusted)
    assert "Only the secretariat can stop this deletion." in trusted.post(CALL_OFF, follow=True).content.decode()


def test_accounts_of_staff_are_not_closed_here(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    person = UserFactory(is_staff=True)
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.post(PAGE, {"understood": "on"})

    assert "closed by the administrator" in page.content.decode()
    assert not Erasure.objects.exists()


@pytest.mark.req("R064")
class TestConsequences:
    def test_the_only_owner_learns_what_becomes_of_the_business(self, browser, person):
        assert f"{person.acting_for.business_name_romanised} has no other owner." in said(browser)

    def test_with_another_owner_nothing_is_said(self, browser, person):
        make_member(person.acting_for)

        assert person.acting_for.business_name_romanised not in said(browser)

    def test_an_editor_is_no_owner(self, browser, person):
        make_member(person.acting_for, role=Role.EDITOR)

        assert "has no other owner." in said(browser)

    def test_the_person_in_charge_learns_that_the_business_is_shown_without(self, browser, person):
        make_member(person.acting_for)
        person.acting_for.contact = person.subject
        person.acting_for.save()

        assert "is shown without a person in charge" in said(browser)

    def test_a_registration_of_ones_own_goes(self, client):
        application = DomesticRegistrationFactory()
        client.force_login(application.operator.memberships.get().user)

        assert "is deleted: nobody else looks after it." in said(client)
