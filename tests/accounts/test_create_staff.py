"""`manage.py create_staff`: the one way to a staff account."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from accounts.models import User
from accounts.services import operators
from accounts.staff_roles import StaffRole
from privacy.models import AuditEvent
from tests.accounts.mail import last_code
from tests.factories import PASSWORD, UserFactory, make_member

pytestmark = pytest.mark.django_db


def create_staff(email, *arguments):
    out = StringIO()
    call_command("create_staff", email, *arguments, stdout=out)
    return out.getvalue()


def roles_of(email):
    return {group.name for group in User.objects.get(email=email, is_staff=True).groups.all()}


def test_a_new_member_of_staff_sets_a_password_by_code_and_logs_in(client, settings):
    said = create_staff("Ａoi.Sato@city.example", "--role", StaffRole.REVIEWER)

    assert f"{settings.SITE_URL}/ja/account/password/reset/" in said
    client.post("/ja/account/password/reset/", {"email": "aoi.sato@city.example"})
    client.post("/ja/account/password/reset/confirm/", {"code": last_code()})
    client.post("/ja/account/password/reset/complete/", {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/ja/account/login/", {"login": "aoi.sato@city.example", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert User.objects.get().language == "ja"


def test_done_twice_there_is_one_account_with_the_roles_of_the_second_time():
    create_staff("a@city.example", "--role", StaffRole.REVIEWER, "--role", StaffRole.AUDITOR)
    assert roles_of("a@city.example") == {StaffRole.REVIEWER, StaffRole.AUDITOR}

    create_staff("a@city.example", "--role", StaffRole.AUDITOR, "--language", "en")

    assert roles_of("a@city.example") == {StaffRole.AUDITOR}
    assert User.objects.get().language == "en"
    assert AuditEvent.objects.filter(act="staff roles given").count() == 2


@pytest.mark.req("R151")
def test_nobody_becomes_superuser():
    create_staff("a@city.example", "--role", StaffRole.ADMINISTRATOR)
    assert not User.objects.get().is_superuser


def test_a_password_chosen_before_the_address_was_verified_is_worth_nothing():
    stranger = UserFactory(email="a@city.example")
    stranger.emailaddress_set.update(verified=False)

    create_staff("a@city.example", "--role", StaffRole.REVIEWER)

    stranger.refresh_from_db()
    assert not stranger.has_usable_password()


def test_somebody_verified_keeps_their_password():
    person = UserFactory(email="a@city.example")
    create_staff("a@city.example", "--role", StaffRole.REVIEWER)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("email", ["nonsense", "a@b", "", "ä@city.example"])
def test_no_address_no_account(email):
    with pytest.raises(CommandError):
        create_staff(email, "--role", StaffRole.REVIEWER)
    assert not User.objects.exists()


@pytest.mark.parametrize("arguments", [(), ("--role", "king"), ("--role", "auditor", "--language", "fr")])
def test_unknown_role_or_language(arguments):
    with pytest.raises(CommandError):
        create_staff("a@city.example", *arguments)
    assert not User.objects.exists()


def test_an_operators_account_is_refused():
    member = make_member()
    with pytest.raises(CommandError, match="acts for an operator"):
        create_staff(member.email, "--role", StaffRole.REVIEWER)
    member.refresh_from_db()
    assert not member.is_staff


@pytest.mark.req("R151")
def test_ended_access_is_not_given_back_in_passing(make_staff):
    person = make_staff(StaffRole.REVIEWER)
    operators.deactivate(person, by=None, reason="left")
    with pytest.raises(CommandError, match="deactivated"):
        create_staff(person.email, "--role", StaffRole.ADMINISTRATOR)
    assert roles_of(person.email) == {StaffRole.REVIEWER}


@pytest.mark.req("R049", "R060")
def test_who_works_for_a_company_is_bound_to_it():
    create_staff("a@company.example", "--role", StaffRole.CONTRACTOR, "--recipient", "contractor")

    assert User.objects.get().recipient == "contractor"
    assert AuditEvent.objects.get(act="staff roles given").details["recipient"] == "contractor"


def test_done_again_without_a_company_they_work_for_the_city():
    create_staff("a@company.example", "--role", StaffRole.REVIEWER, "--recipient", "contractor")
    create_staff("a@company.example", "--role", StaffRole.REVIEWER)
    assert User.objects.get().recipient == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", StaffRole.CONTRACTOR), "name it with --recipient"),
        (("--role", StaffRole.CONTRACTOR, "--recipient", "somebody"), "knows no somebody"),
        (("--role", StaffRole.REVIEWER, "--recipient", "somebody"), "knows no somebody"),
    ],
)
def test_a_contractor_without_a_known_company_is_refused(arguments, said):
    with pytest.raises(CommandError, match=said):
        create_staff("a@company.example", *arguments)
    assert not User.objects.exists()


def test_only_staff_work_for_a_company():
    with pytest.raises(IntegrityError):
        UserFactory(recipient="contractor")
