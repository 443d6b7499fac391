"""For whom the database answers: said for a time, and never carried further."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import OperatorPeople
from privacy.acting import PORTAL, STAFF, acting_as, for_purpose, take_on
from privacy.middleware import ActingMiddleware
from tests.factories import OperatorFactory, UserFactory, make_member
from tests.nobody import nobody


def said():
    """(person, duty, purpose)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.person', true), current_setting('app.duty', true)")
        person, duty = cursor.fetchone()
        cursor.execute("SELECT current_setting('app.purpose', true)")
        return person or "", duty or "", cursor.fetchone()[0] or ""


@pytest.mark.django_db
class TestActingAs:
    def test_what_held_before_holds_again(self):
        person, before = UserFactory(), said()
        with acting_as(person):
            assert said() == (str(person.pk), "", "")
            with for_purpose("some purpose"):
                assert said() == (str(person.pk), "", "some purpose")
                with acting_as(duty=PORTAL):
                    assert said() == ("", PORTAL, "")
                assert said() == (str(person.pk), "", "some purpose")
            assert said() == (str(person.pk), "", "")
        assert said() == before

    def test_a_duty_that_is_taken_on_ends_with_what_is_around_it(self):
        person, before = UserFactory(), said()
        with acting_as(person):
            take_on(STAFF)
            assert said() == (str(person.pk), STAFF, "")
        assert said() == before

    def test_an_exception_ends_it_too(self):
        before = said()
        with pytest.raises(LookupError), acting_as():
            raise LookupError
        assert said() == before

    def test_a_transaction_that_is_broken_brings_back_what_held_before(self):
        before = said()
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert said() == before

    def test_a_part_that_is_taken_back_takes_nothing_with_it(self):
        person = UserFactory()
        with acting_as(person):
            with pytest.raises(LookupError), transaction.atomic(), acting_as(duty=PORTAL):
                raise LookupError
            assert said() == (str(person.pk), "", "")

    def test_it_is_a_decorator(self):
        before = said()
        assert acting_as(duty=STAFF)(said)() == ("", STAFF, "")
        assert said() == before


@pytest.mark.usefixtures("committing_db")
def test_outside_of_a_transaction_it_makes_one():
    with nobody():
        with acting_as(duty=PORTAL):
            assert connection.in_atomic_block
            assert said() == ("", PORTAL, "")
        assert said() == ("", "", "")


@pytest.mark.django_db
class TestRequests:
    @pytest.fixture
    def acts(self, monkeypatch):
        """What had been said when each answer was ready, its page rendered."""
        seen, original = [], ActingMiddleware.__call__

        def watch(middleware, request):
            get_response = middleware.get_response

            def answer(request):
                response = get_response(request)
                seen.append(said())
                return response

            monkeypatch.setattr(middleware, "get_response", answer)
            try:
                return original(middleware, request)
            finally:
                monkeypatch.setattr(middleware, "get_response", get_response)

        monkeypatch.setattr(ActingMiddleware, "__call__", watch)
        return seen

    @pytest.mark.req("R151")
    def test_whoever_is_logged_in_acts_and_nobody_else(self, client, acts):
        person, before = make_member(), said()
        client.get(reverse("home"))
        client.force_login(person)
        client.get(reverse("my-page"))

        assert acts == [("", "", ""), (str(person.pk), "", "")]
        assert said() == before

    def test_staff_act_as_staff_in_the_admin_only(self, client, acts, make_staff, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        person = make_staff("administrator")
        client.force_login(person)
        for page in ("my-page", "admin:index", "admin:accounts_operator_changelist"):
            client.get(reverse(page))
        client.force_login(make_member())
        client.get(reverse("admin:index"))

        assert [duty for _person, duty, _purpose in acts] == ["", STAFF, STAFF, ""]


@pytest.mark.req("R151")
@pytest.mark.usefixtures("committing_db")
def test_a_pooled_connection_carries_nothing_to_the_next_request():
    member = make_member(OperatorFactory(contact_name="Secret Person"))
    browser = Client()
    browser.force_login(member)
    with nobody():
        connection.close()
        connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}
        try:
            page = browser.get(reverse("accounts:operator-detail", args=[member.acting_for.ref])).content.decode()
            process = connection.connection.info.backend_pid
            connection.close()

            assert "Secret Person" in page
            assert said() == ("", "", "")
            assert not OperatorPeople.objects.exists()
            assert connection.connection.info.backend_pid == process
        finally:
            connection.close()
            connection.close_pool()
            del connection.settings_dict["OPTIONS"]["pool"]
