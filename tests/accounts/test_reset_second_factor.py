"""`manage.py reset_second_factor`, for who lost their telephone and their recovery codes."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.staff_roles import StaffRole
from privacy.models import AuditEvent
from tests.accounts.mail import messages_to, read_all
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(make_staff):
    return make_staff(StaffRole.REVIEWER)


def log_in(client, person):
    client.post("/en/account/login/", {"login": person.email, "password": PASSWORD})


def give_second_factor(person):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    RecoveryCodes.activate(person)


def reset(email, reason="identity seen at the counter"):
    out = StringIO()
    call_command("reset_second_factor", email, "--reason", reason, stdout=out)
    return out.getvalue()


@pytest.mark.req("R150")
def test_afterwards_the_admin_is_closed_until_there_is_a_new_one(client, person, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    log_in(client, person)
    give_second_factor(person)
    assert client.get(reverse("admin:index")).status_code == 200

    reset(person.email)

    assert client.get(reverse("admin:index")).url.startswith(reverse("admin:login"))
    log_in(client, person)
    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


@pytest.mark.req("R150")
def test_the_person_is_told_and_it_is_recorded(person):
    give_second_factor(person)
    person.subject.language = "ja"
    person.subject.save()

    reset(person.email)

    assert messages_to(person.email) == ["staff_second_factor_reset"]
    assert "Your" not in read_all()[0].subject
    event = AuditEvent.objects.get(act="second factor reset")
    assert (event.target, event.details) == (
        f"accounts.user:{person.pk}",
        {"reason": "identity seen at the counter"},
    )


def test_without_a_second_factor_nothing_is_mailed(person):
    assert "had no second factor" in reset(person.email)
    assert messages_to(person.email) == []


@pytest.mark.parametrize(("email", "reason"), [("nobody@city.example", "why"), ("nonsense", "why"), (None, "  ")])
def test_refused(person, email, reason):
    give_second_factor(person)
    with pytest.raises(CommandError):
        reset(email or person.email, reason)
    assert Authenticator.objects.filter(user=person).count() == 2
