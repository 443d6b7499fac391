"""Ways into an operator that must be closed: codes of those who left, accounts of the staff, two acts at one moment."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from accounts.services import membership as services
from accounts.services import operators as staff_acts
from tests.factories import MembershipFactory, OperatorFactory, UserFactory, make_member

db = pytest.mark.django_db
ACCEPT = "/en/invitations/accept/"


@pytest.fixture
def operator():
    return OperatorFactory()


@pytest.fixture
def owner(operator):
    return make_member(operator)


def typed(code, person=None):
    """What typing `code` gives a newcomer: their role, or None."""
    person = person or UserFactory()
    client = Client()
    client.force_login(person)
    client.post(ACCEPT, {"code": code})
    return Membership.objects.filter(user=person).values_list("role", flat=True).first()


@db
class TestCodesOfThoseWhoLeft:
    @pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR])
    def test_a_code_ends_with_the_membership_of_who_made_it(self, operator, owner, role):
        former = make_member(operator, role=role)
        _invitation, code = services.invite(operator, by=former, role=Role.EDITOR)
        services.remove_member(former.memberships.get(), by=owner)
        assert typed(code, former) is None

    def test_who_is_no_owner_any_more_makes_nobody_one(self, operator, owner):
        former = make_member(operator)
        codes = {role: services.invite(operator, by=former, role=role)[1] for role in (Role.OWNER, Role.READER)}
        services.change_role(former.memberships.get(), by=owner, role=Role.EDITOR)
        assert [typed(codes[Role.OWNER]), typed(codes[Role.READER])] == [None, Role.READER]

    def test_a_reader_lets_nobody_in(self, operator, owner):
        former = make_member(operator, role=Role.EDITOR)
        _invitation, code = services.invite(operator, by=former, role=Role.EDITOR)
        services.change_role(former.memberships.get(), by=owner, role=Role.READER)
        assert typed(code) is None

    def test_a_code_ends_with_the_access_of_who_made_it(self, operator, owner, make_staff):
        former = make_member(operator, role=Role.EDITOR)
        _invitation, code = services.invite(operator, by=former, role=Role.EDITOR)
        staff_acts.deactivate(former, by=make_staff("administrator"), reason="complaint")
        assert typed(code) is None

    def test_owners_see_only_codes_that_hold(self, operator, owner):
        former = make_member(operator, role=Role.EDITOR)
        for by in (owner, former):
            services.invite(operator, by=by, role=Role.EDITOR)
        services.remove_member(former.memberships.get(), by=owner)
        client = Client()
        client.force_login(owner)
        page = client.get(reverse("accounts:membership-list", args=[operator.ref]))
        assert [invitation.invited_by for invitation in page.context["invitations"]] == [owner]


@db
class TestStaff:
    """Who decides about operators acts for none: otherwise they would approve their own, and see both sides."""

    def test_staff_register_nothing(self, client, make_staff, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        person = make_staff("registration reviewer")
        client.force_login(person)
        page = client.post(reverse("accounts:registration-begin", args=["domestic"]), follow=True)
        assert "An account of the staff acts for no business." in page.content.decode()
        self.assert_acts_for_nobody(person)

    def test_staff_join_nobody_by_a_code(self, operator, owner, make_staff, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        person = make_staff("registration reviewer")
        _invitation, code = services.invite(operator, by=owner, role=Role.EDITOR)
        assert typed(code, person) is None
        self.assert_acts_for_nobody(person)
        assert typed(code) == Role.EDITOR

    def test_staff_join_nobody_by_asking(self, operator, owner, client):
        person = UserFactory()
        request = services.ask_to_join(operator, by=person)
        User.objects.filter(pk=person.pk).update(is_staff=True)
        client.force_login(owner)
        answer = reverse("accounts:join-request-answer", args=[request.ref])
        page = client.post(answer, {"answer": "yes", "role": "editor"}, follow=True)
        assert "An account of the staff acts for no business." in page.content.decode()
        self.assert_acts_for_nobody(person)

    def assert_acts_for_nobody(self, person):
        person.refresh_from_db()
        assert (person.side, person.acting_for, person.memberships.count()) == (None, None, 0)


@db
def test_ownership_is_not_handed_to_somebody_without_access(operator, owner, client):
    heir = make_member(operator, role=Role.READER)
    User.objects.filter(pk=heir.pk).update(is_active=False)
    client.force_login(owner)
    page = client.post(reverse("accounts:membership-transfer", args=[heir.memberships.get().ref]), follow=True)
    assert "A business always has an owner." in page.content.decode()
    assert dict(Membership.objects.values_list("user", "role")) == {owner.pk: "owner", heir.pk: "reader"}


def test_who_is_removed_while_switching_does_not_act_on(committing_db):
    operator = OperatorFactory()
    owner, person = make_member(operator), make_member()
    removed = MembershipFactory(user=person, operator=operator, role=Role.READER)
    switched, done = threading.Event(), threading.Event()

    def remove():
        switched.wait()
        services.remove_member(removed, by=owner)
        done.set()
        connection.close()

    thread = threading.Thread(target=remove)
    thread.start()
    with transaction.atomic():
        services.switch_operator(person, operator)
        switched.set()
        assert not done.wait(0.5)
    thread.join()

    person.refresh_from_db()
    assert person.acting_for != operator


@db
def test_a_name_taken_from_another_operators_page_makes_an_invitation_all_the_same(operator, owner):
    other = MembershipFactory(user=owner, operator=OperatorFactory()).operator
    elsewhere, _code = services.invite(other, by=owner, role=Role.EDITOR)
    invitation, code = services.invite(operator, by=owner, role=Role.EDITOR, ref=elsewhere.ref)
    assert (invitation.operator, bool(code)) == (operator, True)
