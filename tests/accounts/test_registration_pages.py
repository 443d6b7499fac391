"""What the pages of a registration tell before, while and after filling in."""

import pytest
from django.urls import reverse

from accounts.models import DomesticRegistration
from accounts.services import registration as services
from accounts.sides import Side
from tests.factories import DomesticRegistrationFactory, OverseasRegistrationFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def url(name, registration, *args):
    return reverse(f"accounts:registration-{name}", args=[registration.ref, *args])


@pytest.mark.req("C13")
@pytest.mark.parametrize("side", Side)
def test_who_has_no_office_in_tokyo_is_told_before_starting(client, side):
    """C13, and only who it concerns."""
    page = client.get(reverse("accounts:registration-begin", args=[side])).content.decode()
    assert ("only once staff have confirmed that you have a business office in Tokyo" in page) is (side == "domestic")
    assert "Staff answer within 3 Tokyo working days." in page


def test_no_office_means_no_questions_about_it(client):
    registration = DomesticRegistrationFactory(has_tokyo_office=False, tokyo_municipality="", tokyo_address="")
    client.force_login(registration.operator.memberships.get().user)
    page = client.get(url("check", registration))
    assert page.context["missing"] == []
    assert "You have no office in Tokyo" in page.content.decode()
    assert [len(section["rows"]) for section in page.context["sections"]] == [10, 1, 2, 3]


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({}, ["Tourism business licence", "Why no licence is needed"]),
        ({"licence_state": "held", "licence_reason": ""}, ["Tourism business licence", "Licence numbers"]),
        ({"licence_state": "follows", "licence_reason": ""}, ["Tourism business licence"]),
        ({"licence_state": "", "licence_reason": ""}, ["Tourism business licence"]),
    ],
)
def test_answers_show_only_what_the_kind_of_licence_calls_for(client, change, asked):
    registration = DomesticRegistrationFactory(**change)
    client.force_login(registration.operator.memberships.get().user)
    sections = client.get(url("check", registration)).context["sections"]
    assert [row["label"] for row in sections[2]["rows"]] == asked


@pytest.mark.parametrize(("address", "rows"), [("", 1), ("浅草9-9-9", 2)])
def test_answers_on_an_office_wait_for_the_answer_that_there_is_one(client, address, rows):
    registration = DomesticRegistrationFactory(has_tokyo_office=None, tokyo_municipality="", tokyo_address=address)
    client.force_login(registration.operator.memberships.get().user)
    assert len(client.get(url("check", registration)).context["sections"][1]["rows"]) == rows


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, []),
        ({"has_no_homepage": False}, ["homepage"]),
        ({"tokyo_address": ""}, ["tokyo_address"]),
        ({"licence_reason": ""}, ["licence_reason"]),
        ({"licence_state": "held"}, ["licences"]),
        ({"licence_state": "held", "licences": [{"kind": "hotel", "authority": "", "number": "1"}]}, ["licences"]),
        ({"licence_state": "held", "licences": [{"kind": "hotel", "authority": "区", "number": "1"}]}, []),
        ({"licence_state": "follows", "licence_reason": ""}, []),
        ({"employees": None, "business_name": ""}, ["business_name", "employees"]),
        ({"contact_email": "nobody@inn.example"}, ["contact_email"]),
    ],
)
def test_what_is_missing_to_send(change, missing):
    assert services.missing(DomesticRegistrationFactory(**change)) == missing


@pytest.mark.parametrize(("telephone", "warned"), [("+81120000000", True), ("+81353204769", False)])
def test_who_gives_a_number_that_nobody_abroad_can_dial_is_told_before_sending(client, telephone, warned):
    registration = DomesticRegistrationFactory(telephone=telephone, contact_telephone="+81353204769")
    client.force_login(make_member(registration.operator))

    page = client.get(url("check", registration)).content.decode()

    assert ("cannot be dialled from abroad" in page) is warned


@pytest.mark.parametrize("factory", [DomesticRegistrationFactory, OverseasRegistrationFactory])
def test_status_page_says_whose_turn_it_is(client, factory, make_staff):
    registration = factory()
    owner = registration.operator.memberships.get().user
    reviewer = make_staff("registration reviewer")
    client.force_login(owner)

    def says(text):
        return text in client.get(url("status", registration)).content.decode()

    assert says("It is your turn: complete the answers and send them.")
    registration = services.submit(registration, by=owner)
    assert says("It is the staff’s turn: they answer by")
    assert says(registration.reference)
    services.request_changes(registration, by=reviewer, fields={"city": "Which one?"})
    assert says("It is your turn: answer what staff ask below")
    services.approve(services.submit(registration, by=owner), by=reviewer)
    assert says("Nobody has to do anything.")


@pytest.mark.parametrize("decisions", [1, 3])
def test_status_page_asks_the_same_of_the_database_however_long_the_story(
    client, decisions, make_staff, django_assert_num_queries
):
    registration = DomesticRegistrationFactory()
    owner, reviewer = registration.operator.memberships.get().user, make_staff("registration reviewer")
    for _decision in range(decisions):
        registration = services.submit(registration, by=owner)
        registration = services.request_changes(registration, by=reviewer, fields={"city": "Which one?"})
    client.force_login(owner)
    # The transaction's two, who acts, before and after, session, person, subject, policies, registration, role,
    # decisions.
    with django_assert_num_queries(11):
        client.get(url("status", registration))


def test_a_business_without_a_name_is_called_yours(client):
    person = UserFactory()
    client.force_login(person)
    registration = services.start(person, Side.DOMESTIC)
    pages = [url("status", registration), reverse("accounts:operator-detail", args=[registration.operator.ref])]
    for page in [*pages, reverse("accounts:person")]:
        text = client.get(page).content.decode()
        assert "Your business" in text
        assert f">{registration.operator.ref}<" not in text
    DomesticRegistration.objects.update(business_name="見本旅館")
    assert "見本旅館" in client.get(reverse("accounts:person")).content.decode()
