"""Staff are shown which businesses a registration may be a second time, and why."""

import pytest

from accounts.duplicates import possible_duplicates
from accounts.models import Registration
from accounts.normalise import company_key
from accounts.services import registration as services
from tests.factories import DomesticRegistrationFactory, OperatorFactory, OverseasRegistrationFactory

pytestmark = pytest.mark.django_db
LICENCE = {"kind": "travel-2", "authority": "東京都知事", "number": "2-6811"}
NOTHING_ALIKE = {
    "business_name": "別の会社",
    "telephone": "+81335550199",
    "homepage": "",
    "contact_email": "someone@elsewhere.example",
    "licences": [],
}


def operator(**values):
    values = NOTHING_ALIKE | values
    return OperatorFactory(business_name_key=company_key(values["business_name"]), **values)


def sent(factory=DomesticRegistrationFactory, **values):
    registration = factory(**values)
    owner = registration.operator.memberships.get().user
    registration.contact_email = values.get("contact_email", owner.email)
    registration.operator.address_proofs.create(
        email=registration.contact_email, verified_at=registration.created_at, expires_at=registration.created_at
    )
    registration.save()
    return services.submit(registration, by=owner)


def reasons(registration):
    return [(business, [str(reason) for reason in why]) for business, why in possible_duplicates(registration)]


@pytest.mark.parametrize(
    ("theirs", "ours", "why"),
    [
        ({"licences": [LICENCE]}, {"licences": [LICENCE]}, ["same licence number"]),
        ({"licences": [LICENCE]}, {"licences": [LICENCE | {"authority": "Tokyo"}]}, ["same licence number"]),
        ({"licences": [LICENCE]}, {"licences": [LICENCE | {"kind": "minpaku"}]}, None),
        ({"licences": [LICENCE]}, {"licences": [LICENCE | {"number": "2-681"}]}, None),
        ({"business_name": "株式会社さくら旅行"}, {"business_name": "㈱さくら旅行"}, ["same name"]),
        ({"business_name": "ｻｸﾗ旅行（株）"}, {"business_name": "さくら旅行"}, ["same name"]),
        ({"business_name": "Sakura Travel Co., Ltd."}, {"business_name": "SAKURA TRAVEL"}, ["same name"]),
        ({"business_name": "さくら旅行"}, {"business_name": "さくら旅館"}, None),
        ({"telephone": "+81335550123"}, {"telephone": "+81335550123"}, ["same telephone number"]),
        ({"homepage": "https://www.inn.example"}, {"homepage": "https://inn.example/ja/"}, ["same domain"]),
        ({"homepage": "https://www.inn.example"}, {"contact_email": "info@inn.example"}, ["same domain"]),
        ({"contact_email": "a@inn.example"}, {"contact_email": "b@mail.inn.example"}, ["same domain"]),
        ({"homepage": "https://notinn.example"}, {"homepage": "https://inn.example"}, None),
        ({"contact_email": "a@gmail.com"}, {"contact_email": "b@gmail.com"}, None),
        ({"homepage": "https://www.facebook.com/a"}, {"homepage": "https://www.facebook.com/b"}, None),
        (
            {"business_name": "さくら旅行", "telephone": "+81335550123", "licences": [LICENCE]},
            {"business_name": "さくら旅行", "telephone": "+81335550123", "licences": [LICENCE]},
            ["same licence number", "same name", "same telephone number"],
        ),
    ],
)
def test_what_makes_two_businesses_alike(theirs, ours, why):
    other = operator(**theirs)
    registration = DomesticRegistrationFactory(**{"business_name": "申請者", "telephone": "+81335550177"} | ours)

    assert reasons(registration) == ([(other, why)] if why else [])


@pytest.mark.parametrize(
    ("values", "is_shown"),
    [
        ({}, True),
        ({"approved_at": None, "tokyo_office_confirmed_at": None}, False),
        ({"status": "suspended"}, True),
        ({"status": "closed"}, True),
    ],
)
def test_which_operators_count(values, is_shown):
    operator(business_name="さくら旅行", **values)
    assert bool(reasons(DomesticRegistrationFactory(business_name="さくら旅行"))) is is_shown


def test_two_colleagues_who_apply_in_the_same_week_are_seen():
    first, second = sent(business_name="㈱さくら旅行"), sent(business_name="さくら旅行")
    assert [business for business, _why in possible_duplicates(second)] == [first]


@pytest.mark.parametrize("status", [Registration.Status.DRAFT, Registration.Status.DECLINED])
def test_what_nobody_sent_or_staff_declined_is_no_duplicate(status):
    other = sent(business_name="さくら旅行")
    type(other).objects.filter(pk=other.pk).update(status=status)
    assert possible_duplicates(sent(business_name="さくら旅行")) == []


def test_an_operators_own_change_is_no_duplicate(make_staff):
    registration = sent(business_name="さくら旅行")
    services.approve(registration, by=make_staff("registration reviewer"))
    change = services.propose_change(registration.operator, by=registration.operator.memberships.get().user)
    assert possible_duplicates(change) == []


def test_the_other_side_is_another_business():
    operator(business_name="Sakura Travel", telephone="+81335550123")
    assert (
        possible_duplicates(OverseasRegistrationFactory(business_name="Sakura Travel", telephone="+81335550123")) == []
    )


def test_an_empty_registration_is_like_nothing():
    operator(business_name="", telephone="", homepage="", contact_email="")
    blank = DomesticRegistrationFactory(business_name="", telephone="", contact_email="")
    assert possible_duplicates(blank) == []
