"""Who sees whose listing (C13, R043)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Operator
from directory.models import Listing
from tests.directory.listings import make_buyer, make_draft, make_listing, make_seller
from tests.factories import OperatorFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def person(kind, make_staff):
    return {
        "public": AnonymousUser,
        "without an operator": UserFactory,
        "domestic": make_seller,
        "overseas": make_buyer,
        "domestic, not approved": lambda: make_seller(approved_at=None),
        "overseas, not approved": lambda: make_buyer(approved_at=None),
        "overseas, suspended": lambda: make_buyer(status=Operator.Status.SUSPENDED),
        "overseas, closed": lambda: make_buyer(status=Operator.Status.CLOSED),
        "overseas, contact needed": lambda: make_buyer(status=Operator.Status.CONTACT_NEEDED),
        "domestic, no Tokyo office": lambda: make_seller(tokyo_office_confirmed_at=None),
        "overseas, reader": lambda: make_buyer(role="reader"),
        "staff": lambda: make_staff("administrator"),
        "staff without the permission": lambda: UserFactory(is_staff=True),
    }[kind]()


@pytest.mark.req("R043", "C13")
@pytest.mark.parametrize(
    ("kind", "sees"),
    [
        ("public", set()),
        ("without an operator", set()),
        ("domestic", {"Paris"}),
        ("overseas", {"Tokyo"}),
        ("domestic, not approved", set()),
        ("overseas, not approved", set()),
        ("overseas, suspended", set()),
        ("overseas, closed", set()),
        ("overseas, contact needed", {"Tokyo"}),
        ("domestic, no Tokyo office", set()),
        ("overseas, reader", {"Tokyo"}),
        ("staff", {"Tokyo", "Paris", "Tokyo, suspended", "Paris, suspended"}),
        ("staff without the permission", set()),
    ],
)
def test_listing_visible_to(make_staff, kind, sees):
    make_listing("Tokyo")
    make_listing("Paris", overseas=True)
    for name, overseas in (("Tokyo, suspended", False), ("Paris, suspended", True)):
        listing = make_listing(name, overseas=overseas)
        Operator.objects.filter(pk=listing.operator_id).update(status=Operator.Status.SUSPENDED)
    make_draft()
    make_draft(overseas=True)

    visible = Listing.objects.visible_to(person(kind, make_staff))

    assert {listing.name for listing in visible} == sees


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    "change",
    [
        {"status": Operator.Status.SUSPENDED},
        {"status": Operator.Status.CLOSED},
        {"approved_at": None},
        {"tokyo_office_confirmed_at": None},
    ],
)
def test_a_listing_disappears_with_its_operator(change):
    listing = make_listing()
    buyer = make_buyer()
    assert listing in Listing.objects.visible_to(buyer)

    Operator.objects.filter(pk=listing.operator_id).update(**change)

    assert not Listing.objects.visible_to(buyer).exists()


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("editor", True), ("reader", False)])
def test_who_may_edit_a_draft(role, may):
    draft = make_draft()
    make_draft()

    managed = type(draft).objects.managed_by(make_member(draft.operator, role=role))

    assert list(managed) == ([draft] if may else [])


@pytest.mark.req("R151")
def test_nobody_of_another_operator_edits_a_draft():
    draft = make_draft()

    managed = type(draft).objects.managed_by(make_member(OperatorFactory()))

    assert not managed.exists()
