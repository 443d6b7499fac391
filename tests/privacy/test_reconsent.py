"""A version that asks for consent: whom it asks, what stays open, and what each answer does (R004, R005, L01)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.staff_roles import StaffRole
from privacy import policies
from privacy.models import ChangeClass, Document, LedgerEvent, Matter, State
from tests.authorisation.routes import routes
from tests.factories import UserFactory, make_member
from tmgportal import reconsent
from tmgportal.public_urls import PUBLIC

from .policy_versions import announce

pytestmark = pytest.mark.django_db
ASK = "/en/consent/"
ACCEPT, DECLINE = "/en/policies/privacy/2/accept/", "/en/policies/privacy/2/decline/"


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever the page before was in."""
    with translation.override("en"):
        yield


@pytest.fixture
def person():
    return make_member()


@pytest.fixture
def version(person):
    """In force, and asking."""
    found = announce(change_class=ChangeClass.CONSENT)
    with time_machine.travel(found.effective_at + timedelta(hours=1)):
        yield found


@pytest.fixture
def logged_in(client, person, version):
    client.force_login(person)
    return client


def answers(person):
    events = LedgerEvent.objects.filter(subject_ref=person.ref, matter__in=[Matter.POLICY, Matter.REFUSED_POLICY])
    return list(events.exclude(state=State.INFORMED).order_by("seq").values_list("state", "document", "version"))


def words(response):
    return [str(message) for message in response.context["messages"]]


class TestAsking:
    @pytest.mark.req("R004")
    def test_the_next_page_after_the_log_in_is_the_question_and_then_the_page_that_was_wanted(self, logged_in):
        answer = logged_in.get("/en/partners/?q=tour")
        assert answer["Location"] == f"{ASK}?next=%2Fen%2Fpartners%2F%3Fq%3Dtour"

        page = logged_in.get(answer["Location"])
        assert "The purposes are worded anew." in page.content.decode()
        assert "/en/policies/privacy/1/2/" in page.content.decode()
        after = logged_in.post(ACCEPT, {"next": "/en/partners/?q=tour"})

        assert after["Location"] == "/en/partners/?q=tour"
        assert logged_in.get("/en/partners/").status_code == 200

    def test_before_its_moment_nobody_is_asked(self, client, person):
        version = announce(change_class=ChangeClass.CONSENT)
        client.force_login(person)
        assert client.get("/en/partners/").status_code == 200
        assert client.get(ASK)["Location"] == reverse("my-page")
        assert client.post(ACCEPT).status_code == 302
        assert answers(person) == []
        assert version.number == 2

    @pytest.mark.req("C1")
    @pytest.mark.parametrize("change_class", [ChangeClass.NOTICE, ChangeClass.EDITORIAL])
    def test_other_changes_ask_nobody(self, client, person, change_class):
        found = announce(change_class=change_class)
        with time_machine.travel(found.effective_at + timedelta(hours=1)):
            client.force_login(person)
            assert client.get("/en/partners/").status_code == 200

    def test_who_comes_later_came_under_it_and_is_not_asked(self, client, version):
        client.force_login(UserFactory())
        assert client.get("/en/my-page/").status_code == 200

    @pytest.mark.req("R004")
    def test_staff_are_asked_too(self, client, make_staff, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        officer, found = make_staff(StaffRole.OFFICER), announce(change_class=ChangeClass.CONSENT)
        with time_machine.travel(found.effective_at + timedelta(hours=1)):
            client.force_login(officer)
            assert client.get("/en/admin/")["Location"].startswith(ASK)

    def test_what_is_sent_goes_through(self, logged_in):
        assert logged_in.post("/en/person/", {"language": "ja"}).status_code == 302
        person_page = logged_in.post("/en/partners/")
        assert person_page.status_code == 405

    @pytest.mark.req("R004", "R090", "R100")
    def test_nothing_about_rights_is_ever_locked(self):
        """By name, so that a page which is added later is looked at here."""
        locked = {route for route in routes() if "admin" not in route and not is_open(route)}
        assert {route.partition(":")[0] for route in locked} == {"my-page", "accounts", "directory", "networking"}
        assert {route for route in locked if ":" not in route} == {"my-page"}
        assert "accounts:person" not in locked

    @pytest.mark.req("R004")
    @pytest.mark.parametrize("path", ["policies/", "policies/privacy/1/2/", "person/", "account/2fa/", "contact/", ""])
    def test_the_pages_about_rights_open_without_an_answer(self, logged_in, path):
        assert logged_in.get(f"/en/{path}").status_code == 200

    def test_one_may_leave_without_an_answer(self, logged_in, person):
        assert logged_in.post("/en/account/logout/").status_code == 302
        assert answers(person) == []

    @pytest.mark.req("R005")
    def test_reading_on_is_no_answer(self, logged_in, person):
        for path in (ASK, "/en/policies/privacy/", "/en/policies/privacy/1/2/", "/en/my-page/", ACCEPT, DECLINE):
            logged_in.get(path)
        assert answers(person) == []
        assert policies.pending_for(person.subject)


def is_open(route):
    class Match:
        view_name = route
        namespaces = route.split(":")[:-1]

    return reconsent.is_never_locked(Match) or route in PUBLIC


class TestAnswers:
    @pytest.mark.req("R004", "R005", "L01")
    @pytest.mark.parametrize(("path", "state", "binds"), [(ACCEPT, "accepted", 2), (DECLINE, "declined", 1)])
    def test_an_answer_is_recorded_with_what_was_served(self, logged_in, person, version, path, state, binds):
        logged_in.post(path.replace("/en/", "/ja/"))

        event = LedgerEvent.objects.filter(subject_ref=person.ref).latest("seq")
        assert (event.state, event.document, event.version, event.version_hash) == (state, "privacy", 2, version.hash)
        assert (event.actor, event.method, event.proof["language"]) == ("self", "form", "ja")
        assert event.proof["surface"] == f"privacy:policy-{path.split('/')[-2]}"
        assert policies.for_subject(person.subject, "privacy").number == binds
        assert policies.pending_for(person.subject) == []

    @pytest.mark.req("R004")
    def test_who_declines_keeps_the_old_version_and_learns_what_that_means(self, logged_in, person):
        page = logged_in.post(DECLINE, {"next": "/en/partners/"}, follow=True)

        text = page.content.decode()
        assert page.redirect_chain[-1][0] == "/en/policies/privacy/?next=%2Fen%2Fpartners%2F"
        assert "Version 1 applies to you" in text
        assert "You declined version 2 on" in text
        assert '<a href="/en/partners/">Continue</a>' in text
        assert "Version 1 applies to you" not in logged_in.get("/en/policies/terms/").content.decode()
        assert logged_in.get("/en/partners/").status_code == 200

    @pytest.mark.req("R004", "R040", "R064")
    def test_what_does_not_happen_without_consent_is_named_with_the_ways_out(self, client, person):
        announce(change_class=ChangeClass.EDITORIAL, effective_at=None, recipients=[])
        added = announce(change_class=ChangeClass.CONSENT, recipients=["contractor"], body_en="New")
        with time_machine.travel(added.effective_at + timedelta(hours=1)):
            client.force_login(person)
            text = client.get(ASK).content.decode()
        assert "Passing on to: Toppan Inc." in text
        for kind in ("portability", "erasure"):
            assert f"{reverse('privacy:request-create')}?kind={kind}" in text

    @pytest.mark.req("R004", "R005")
    def test_agreeing_later_is_one_click_on_the_policy(self, logged_in, person):
        logged_in.post(DECLINE)
        assert f'action="{ACCEPT}"' in logged_in.get("/en/policies/privacy/").content.decode()
        logged_in.post(ACCEPT)
        assert [state for state, *_rest in answers(person)] == ["declined", "accepted"]
        assert policies.for_subject(person.subject, "privacy").number == 2

    def test_a_click_again_after_going_back_changes_nothing(self, logged_in, person):
        logged_in.post(ACCEPT)
        page = logged_in.post(ACCEPT, follow=True)
        assert words(page)[-1] == "Nothing is asked about this version; your earlier answer stands."
        logged_in.post(DECLINE)
        assert answers(person) == [("accepted", "privacy", 2)]
        assert logged_in.get(ASK)["Location"] == reverse("my-page")

    def test_a_version_that_was_superseded_meanwhile_is_not_agreed_to(self, logged_in, person, version):
        newer = announce(change_class=ChangeClass.CONSENT, body_en="Third")
        with time_machine.travel(newer.effective_at + timedelta(hours=1)):
            logged_in.force_login(person)
            page = logged_in.post(ACCEPT, follow=True)
        assert words(page) == ["Meanwhile a newer version is in force. Please read this one and answer again."]
        assert "policies/privacy/3/accept/" in page.content.decode()
        assert answers(person) == []

    def test_two_documents_ask_one_after_the_other(self, client, person):
        for document in (Document.PRIVACY, Document.TERMS):
            last = announce(document, change_class=ChangeClass.CONSENT)
        with time_machine.travel(last.effective_at + timedelta(hours=1)):
            client.force_login(person)
            first = client.get(ASK).content.decode()
            assert "After this, 1 more document asks you." in first
            second = client.post(DECLINE, {"next": "/en/partners/"}, follow=True)
            assert "policies/terms/2/accept/" in second.content.decode()
            done = client.post("/en/policies/terms/2/accept/", {"next": "/en/partners/"})
        assert done["Location"] == "/en/partners/"
        assert answers(person) == [("declined", "privacy", 2), ("accepted", "terms", 2)]

    @pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
    def test_nobody_is_led_away(self, logged_in, wanted):
        assert logged_in.post(ACCEPT, {"next": wanted})["Location"] == reverse("my-page")

    def test_who_is_not_logged_in_answers_nothing(self, client, version):
        assert client.post(ACCEPT)["Location"].startswith(reverse("account_login"))
        assert client.get(ASK)["Location"].startswith(reverse("account_login"))

    def test_a_foreign_page_cannot_answer(self, version, person):
        foreign = Client(enforce_csrf_checks=True)
        foreign.force_login(person)
        assert foreign.post(ACCEPT).status_code == 403
        assert answers(person) == []


def test_a_page_costs_one_query_more_and_no_other(client, person, django_assert_max_num_queries):
    client.force_login(person)
    client.get("/en/policies/")
    with django_assert_max_num_queries(20) as asked:
        client.get("/en/account/2fa/")
    about_policies = [query for query in asked.captured_queries if "privacy_policyversion" in query["sql"]]
    assert len(about_policies) == 1
