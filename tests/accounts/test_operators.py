"""What staff do with operators and people: suspend, end access, name an owner. Nothing is ownerless unseen."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import Operator, Role
from accounts.services import membership, operators
from accounts.staff_roles import StaffRole
from privacy.models import AuditEvent
from tests.accounts.mail import messages_to
from tests.factories import PASSWORD, MembershipFactory, OperatorFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(make_staff):
    return make_staff(StaffRole.ADMINISTRATOR)


def status_of(operator):
    operator.refresh_from_db()
    return operator.status


@pytest.mark.req("C13")
def test_an_office_is_confirmed_after_the_approval(make_staff):
    operator = OperatorFactory(tokyo_office_confirmed_at=None)

    for _time in range(2):
        operators.confirm_tokyo_office(operator, by=make_staff(StaffRole.REVIEWER), reason="Seen on site")

    operator.refresh_from_db()
    assert operator.in_cross_view
    assert AuditEvent.objects.filter(act="tokyo office confirmed").count() == 1


@pytest.mark.req("R043")
def test_suspended_means_out_of_the_cross_view_both_ways_and_back(staff):
    owner = make_member()
    operator = owner.acting_for

    operators.suspend(operator, by=staff, reason="complaint")
    operator.refresh_from_db()
    assert not operator.in_cross_view
    assert type(owner).objects.get(pk=owner.pk).side_across() is None

    operators.reinstate(operator, by=staff, reason="settled")
    operator.refresh_from_db()
    assert operator.in_cross_view
    assert messages_to(owner.email) == ["operator_status", "operator_status"]


def test_suspended_twice_is_told_once(staff):
    owner = make_member()
    for _time in range(2):
        operators.suspend(owner.acting_for, by=staff, reason="complaint")
    assert messages_to(owner.email) == ["operator_status"]


@pytest.mark.parametrize(
    ("others", "status"),
    [
        ([], Operator.Status.CONTACT_NEEDED),
        ([Role.EDITOR, Role.READER], Operator.Status.CONTACT_NEEDED),
        ([Role.OWNER], Operator.Status.ACTIVE),
    ],
)
def test_when_the_last_owner_goes_a_contact_is_needed(staff, others, status):
    owner = make_member()
    for role in others:
        make_member(owner.acting_for, role=role)

    operators.deactivate(owner, by=staff, reason="left")

    assert status_of(owner.acting_for) == status


def test_each_operator_of_the_person_is_looked_at(staff):
    owner = make_member()
    second = OperatorFactory()
    MembershipFactory(user=owner, operator=second)

    operators.deactivate(owner, by=staff, reason="left")

    assert {status_of(owner.acting_for), status_of(second)} == {Operator.Status.CONTACT_NEEDED}


def test_a_suspended_operator_stays_suspended_when_its_owner_goes(staff):
    owner = make_member()
    operators.suspend(owner.acting_for, by=staff, reason="complaint")
    operators.deactivate(owner, by=staff, reason="left")
    assert status_of(owner.acting_for) == Operator.Status.SUSPENDED

    operators.reinstate(owner.acting_for, by=staff, reason="settled")
    assert status_of(owner.acting_for) == Operator.Status.CONTACT_NEEDED


def test_an_owner_without_access_does_not_count_when_another_wants_to_leave(staff):
    owner = make_member()
    gone = make_member(owner.acting_for)
    operators.deactivate(gone, by=staff, reason="left")

    with pytest.raises(membership.LastOwner):
        membership.remove_member(owner.memberships.get(), by=owner)


def test_staff_name_an_owner_and_the_operator_is_active_again(staff):
    owner = make_member()
    editor = make_member(owner.acting_for, role=Role.EDITOR)
    operators.deactivate(owner, by=staff, reason="left")

    operators.name_owner(editor.memberships.get(), by=staff, reason="asked by letter")

    assert editor.memberships.get().role == Role.OWNER
    assert status_of(owner.acting_for) == Operator.Status.ACTIVE
    assert AuditEvent.objects.get(act="owner named by staff").by == staff


@pytest.mark.req("R151")
def test_access_ends_at_the_next_request_and_comes_back(client, staff):
    owner = make_member()
    client.post("/en/account/login/", {"login": owner.email, "password": PASSWORD})
    assert client.get("/en/my-page/").status_code == 200

    operators.deactivate(owner, by=staff, reason="lost laptop")

    assert client.get("/en/my-page/").status_code == 302
    assert not Session.objects.filter(session_key=client.session.session_key).exists()

    operators.reactivate(owner, by=staff, reason="found")
    assert status_of(owner.acting_for) == Operator.Status.ACTIVE
    client.post("/en/account/login/", {"login": owner.email, "password": PASSWORD})
    assert client.get("/en/my-page/").status_code == 200


def listed(client, query=""):
    """The keys of the operators that the staff's list leads to, and the page."""
    page = client.get(reverse("admin:accounts_operator_changelist") + query).content.decode()
    links = re.findall(r'<th class="field-name"><a href="/en/admin/accounts/operator/(\d+)', page)
    return {int(key) for key in links}, page


def test_staff_list_approved_operators_and_reach_the_others(client, staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    approved, begun = OperatorFactory(), OperatorFactory(business_name="", approved_at=None)
    client.force_login(staff)

    assert listed(client)[0] == {approved.pk}
    assert listed(client, "?approved=no")[0] == {begun.pk}
    assert listed(client, "?approved=all")[0] == {approved.pk, begun.pk}


def test_staff_tell_by_words_who_is_in_the_cross_view(client, staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    inside, outside = OperatorFactory(), OperatorFactory(tokyo_office_confirmed_at=None)
    client.force_login(staff)

    assert listed(client, "?in_cross_view=yes")[0] == {inside.pk}
    found, page = listed(client, "?in_cross_view=no")
    assert found == {outside.pk}
    assert ">No</td>" in page
    assert not re.search(">(True|False)<", page)
