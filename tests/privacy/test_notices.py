"""Whoever is asked for personal data is told what for, on the page itself (R034)."""

import re

import pytest

from accounts.forms import LoginForm, SignupForm
from accounts.forms.registration import FORMS
from accounts.models import User
from accounts.sides import Side
from inquiries.forms import InquiryForm
from privacy import notices
from privacy.declarations import declaration_of
from privacy.purposes import Purpose
from tests.factories import DomesticRegistrationFactory, UserFactory


@pytest.mark.req("R034")
@pytest.mark.django_db
def test_the_notice_names_purposes_and_the_version_of_the_policy(client):
    page = client.get("/en/account/signup/").content.decode()

    notice = re.search(r'data-purposes="([^"]*)" data-policy-version="(\d+)"', page)
    assert notice.group(1).split() == [
        *["account", "registration", "operator_networking", "inquiry_handling", "newsletter", "service_notices"],
        *["city_information", "rights"],
    ]
    assert notice.group(2) == "1"


@pytest.mark.req("R034", "R035", "R038")
@pytest.mark.django_db
def test_the_purposes_of_a_form_come_from_where_its_answers_go():
    assert notices.purposes_of(LoginForm()) == [Purpose.ACCOUNT]
    assert notices.personal_inputs(LoginForm()) == ["login"]
    assert notices.purposes_of(InquiryForm()) == [Purpose.INQUIRIES, Purpose.RIGHTS]


@pytest.mark.django_db
def test_only_answers_about_people_count():
    registration, person = DomesticRegistrationFactory(), UserFactory()

    business, contact = (
        FORMS[Side.DOMESTIC][step](registration=registration, user=person) for step in ("business", "contact")
    )

    assert notices.personal_inputs(business) == ["representative_name"]
    assert notices.personal_inputs(contact) == ["contact_name", "contact_telephone", "other_email"]
    assert notices.purposes_of(business) == [Purpose.REGISTRATION]
    assert notices.purposes_of(contact) == [
        Purpose.REGISTRATION,
        Purpose.NETWORKING,
        Purpose.SERVICE_NOTICES,
        Purpose.CITY_INFORMATION,
        Purpose.RIGHTS,
    ]


@pytest.mark.req("R034")
def test_only_staff_are_told_of_what_staff_are_written_to_about():
    assert Purpose.ADMINISTRATION in declaration_of(User).purposes_by_field["email"]
    assert Purpose.ADMINISTRATION not in notices.purposes_of(SignupForm())
