"""What the catalogue of PostgreSQL says about row-level security (docs/adr/0010)."""

import os

import pytest
from django.db import connection

from accounts.models import DomesticRegistration, OperatorPeople
from privacy import held
from privacy.acting import PORTAL, acting_as
from tests.authorisation.guarded import GUARDED
from tests.factories import DomesticRegistrationFactory, OperatorFactory, make_member
from tests.nobody import nobody
from tests.plugin import as_owner
from tmgportal.management.commands.migrate import Command as Migrate

COMMANDS = ["SELECT", "INSERT", "UPDATE", "DELETE"]
TABLES = {model._meta.db_table for model in GUARDED}
# Tables that name an operator, a data subject or an address, and are not guarded, with the reason.
NOT_GUARDED = {
    "account_emailaddress": "the log-in reads it before anybody is known",
    "accounts_user": "the log-in reads it before anybody is known",
    "accounts_membership": "the policies read it; it holds keys and a role",
    "directory_listing": "what the other side may read, and searches",
    "directory_listingdraft": "facts of a business, of no person",
    "privacy_erasure": "keys and moments: whose data end when",
    "privacy_legalhold": "keys, days and reasons that name nobody",
    "privacy_policynotice": "keys only: which message told whom of a policy",
}

pytestmark = pytest.mark.req("R043")


def ask(question, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchall()


@pytest.mark.django_db
class TestCatalogue:
    def test_the_guarded_tables_are_those_of_the_table(self):
        forced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        assert {name for (name,) in ask(forced)} == TABLES

    def test_each_has_one_policy_for_each_command_and_none_for_all(self):
        policies = ask("SELECT tablename, cmd, permissive FROM pg_policies")
        assert sorted(policies) == sorted((table, command, "PERMISSIVE") for table in TABLES for command in COMMANDS)

    def test_what_is_set_is_read_once_for_a_statement(self):
        conditions = ask("SELECT tablename, coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies")
        for table, condition in conditions:
            readings = condition.count("current_setting")
            assert (
                condition.count("SELECT NULLIF(current_setting") + condition.count("SELECT (NULLIF(current_setting")
                == readings
            ), table

    @pytest.mark.req("R151")
    def test_who_names_an_operator_a_subject_or_an_address_is_guarded(self):
        named = ask(
            """SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'
               AND column_name IN ('operator_id', 'subject_id', 'email')"""
        )
        assert {name for (name,) in named} - TABLES == set(NOT_GUARDED)

    @pytest.mark.req("R151")
    def test_the_role_that_serves_is_bound(self):
        [role] = ask("SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert role == ("portal_app", False, False, False)
        assert ask("SELECT relname FROM pg_class WHERE relowner = 'portal_app'::regrole") == []
        assert ask("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'portal_owner'") == [(False, False)]

    def test_no_view_shows_more_than_who_asks_it_may_see(self):
        views = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
        asking = " AND coalesce(reloptions, '{}') && '{security_invoker=on,security_invoker=true}'"
        assert ask(views) == ask(views + asking)


@pytest.mark.usefixtures("committing_db")
def test_a_migration_finds_the_rows_that_it_moves(monkeypatch):
    OperatorFactory()
    settings = dict(connection.settings_dict)
    where = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0]
    try:
        with monkeypatch.context() as environment:
            environment.setenv("DATABASE_OWNER_URL", f"{where}/{settings['NAME']}")
            Migrate()._become_owner(connection)
        connection.close()
        assert ask("SELECT current_user, count(*) FROM accounts_operatorpeople") == [("portal_owner", 1)]
    finally:
        connection.close()
        connection.settings_dict.update(settings)


@pytest.mark.req("R151")
@pytest.mark.usefixtures("committing_db")
def test_nobody_finds_anything_not_even_the_owner_of_the_tables():
    OperatorFactory()
    DomesticRegistrationFactory()
    name = connection.settings_dict["NAME"]
    connection.close()

    with as_owner(dbname=name) as owner:
        for table in TABLES:
            assert owner.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # noqa: S608
        assert owner.execute("UPDATE accounts_operatorpeople SET contact_name = ''").rowcount == 0
    with nobody():
        assert not any(model.objects.exists() for model in GUARDED)
        with acting_as(duty=PORTAL):
            assert OperatorPeople.objects.exists()


@pytest.mark.req("R092")
@pytest.mark.django_db
def test_who_left_a_business_reads_what_they_wrote_about_themselves():
    registration = DomesticRegistrationFactory(contact_name="Former Member")
    author, other = registration.operator.memberships.get().user, make_member()
    registration.created_by = author
    registration.save()
    registration.operator.memberships.all().delete()

    with nobody(), acting_as(author):
        assert "Former Member" in str(held.of(author.subject))
    with nobody(), acting_as(other):
        assert not DomesticRegistration.objects.exists()
