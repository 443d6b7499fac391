"""Several people for one operator: inviting, joining, roles, leaving. It is never without an owner."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, JoinRequest, Membership, Role
from accounts.services import membership as services
from tests.accounts.mail import last_code, messages_to, read_all
from tests.factories import MembershipFactory, OperatorFactory, UserFactory, make_member

db = pytest.mark.django_db
ACCEPT = "/en/invitations/accept/"
JOIN = "/en/join-requests/new/"


def members_of(operator):
    return reverse("accounts:membership-list", args=[operator.ref])


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def operator():
    return OperatorFactory(
        business_name="見本旅館", homepage="https://www.inn.example/", contact_email="info@inn.example"
    )


@pytest.fixture
def owner(operator):
    return make_member(operator)


@pytest.fixture
def owners_client(owner):
    return logged_in(owner)


def invite(client, operator, email="colleague@else.example", role="editor", **changes):
    form = client.get(members_of(operator)).context["form"]
    data = {"email": email, "role": role, "ref": form["ref"].value(), **changes}
    return client.post(members_of(operator), data), data


@db
class TestInviting:
    def test_colleague_types_the_mailed_code(self, operator, owners_client):
        invite(owners_client, operator, "Ｃolleague@else.example", "reader")
        colleague = UserFactory(email="colleague@else.example")

        response = logged_in(colleague).post(ACCEPT, {"code": f" {last_code().lower()} "})

        assert response.url == reverse("accounts:operator-detail", args=[operator.ref])
        membership = Membership.objects.get(user=colleague)
        assert (membership.operator, membership.role) == (operator, Role.READER)
        colleague.refresh_from_db()
        assert (colleague.side, colleague.acting_for) == ("domestic", operator)
        assert read_all()[0].body.count(last_code()) == 1

    def test_double_click_mails_once(self, operator, owners_client):
        _response, data = invite(owners_client, operator)
        owners_client.post(members_of(operator), data)
        assert Invitation.objects.count() == 1
        assert messages_to("colleague@else.example") == ["invitation"]

    def test_code_is_for_its_address_only(self, operator, owners_client):
        invite(owners_client, operator)
        other = logged_in(UserFactory())
        assert other.post(ACCEPT, {"code": last_code()}).context["form"].errors["code"]

    def test_code_works_once(self, operator, owners_client):
        colleague = logged_in(UserFactory(email="colleague@else.example"))
        invite(owners_client, operator)
        code = last_code()
        assert colleague.post(ACCEPT, {"code": code}).status_code == 302
        assert colleague.post(ACCEPT, {"code": code}).status_code == 200

    def test_code_ends_after_a_week(self, operator, owners_client):
        with time_machine.travel(timezone.now() - timedelta(days=7, minutes=1), tick=True):
            logged_in(operator.memberships.get().user)
            services.invite(
                operator, by=operator.memberships.get().user, role=Role.EDITOR, email="colleague@else.example"
            )
        colleague = logged_in(UserFactory(email="colleague@else.example"))
        assert colleague.post(ACCEPT, {"code": last_code()}).status_code == 200

    def test_withdrawn_code_is_dead(self, operator, owners_client):
        invite(owners_client, operator)
        owners_client.post(reverse("accounts:invitation-withdraw", args=[Invitation.objects.get().ref]))
        colleague = logged_in(UserFactory(email="colleague@else.example"))
        assert colleague.post(ACCEPT, {"code": last_code()}).status_code == 200

    def test_guessing_ends(self, operator, owners_client):
        colleague = logged_in(UserFactory(email="colleague@else.example"))
        invite(owners_client, operator)
        for _guess in range(5):
            colleague.post(ACCEPT, {"code": "AAAA-AAAA"})
        assert colleague.post(ACCEPT, {"code": last_code()}).status_code == 200

    @pytest.mark.req("C13")
    def test_one_person_acts_on_one_side(self, operator, owners_client):
        abroad = make_member(overseas=True)
        invite(owners_client, operator, abroad.email)
        response = logged_in(abroad).post(ACCEPT, {"code": last_code()})
        assert "other side" in response.context["form"].errors["code"][0]
        assert Membership.objects.filter(user=abroad).count() == 1

    @pytest.mark.parametrize("change", [{"email": "nobody"}, {"role": "god"}, {"ref": "x"}, {"email": ""}])
    def test_bad_input_keeps_what_was_typed(self, operator, owners_client, change):
        response, data = invite(owners_client, operator, **change)
        assert response.status_code == 200
        (name,) = change
        assert response.context["form"][name].value() == change[name]
        assert not Invitation.objects.exists()


@db
class TestJoining:
    def ask(self, person, **data):
        client = logged_in(person)
        response = client.post(JOIN, {"way": "domain", **data})
        return response, client.get(response.url).content.decode() if response.status_code == 302 else ""

    def test_owners_are_asked_and_answer(self, operator, owner, owners_client):
        person = UserFactory(email="new@sales.inn.example")
        for _click in range(2):
            self.ask(person)
        assert messages_to(owner.email) == ["join_requested"]

        request = owners_client.get(members_of(operator)).context["join_requests"][0]
        answer = reverse("accounts:join-request-answer", args=[request.ref])
        for _click in range(2):
            owners_client.post(answer, {"answer": "yes", "role": "reader"})
        assert Membership.objects.get(user=person).role == Role.READER
        assert messages_to(person.email) == ["join_answered"]

    def test_owners_may_decline(self, owner, owners_client):
        person = UserFactory(email="new@inn.example")
        self.ask(person)
        owners_client.post(
            reverse("accounts:join-request-answer", args=[JoinRequest.objects.get().ref]), {"answer": "no"}
        )
        assert not person.memberships.exists()

    @pytest.mark.req("R043")
    def test_answer_discloses_nothing(self, operator, owner):
        operator.licences = [{"kind": "travel-2", "authority": "東京都知事", "number": "2-6811"}]
        operator.save()
        answers = set()
        for number in ("2-6811", "2-9999"):
            person = UserFactory()
            response, page = self.ask(person, way="licence", kind="travel-2", number=number)
            text = re.sub(r'"[A-Za-z0-9]{64}"', "", page).replace(person.email, "")
            answers.add((response.status_code, response.url, text))
        assert len(answers) == 1
        assert JoinRequest.objects.count() == 1

    @pytest.mark.parametrize(
        ("email", "homepage", "found"),
        [
            ("a@inn.example", "https://www.inn.example/", True),
            ("a@inn.example", "https://www.other-inn.example/", False),
            ("a@gmail.com", "https://gmail.com/", False),
            ("a@hotel.co.jp", "https://another.co.jp/", False),
            ("a@hotel.co.jp", "https://shop.hotel.co.jp/", True),
        ],
    )
    def test_found_by_a_domain_that_is_the_operators_own(self, email, homepage, found):
        OperatorFactory(homepage=homepage, contact_email="info@elsewhere.example")
        assert bool(services.operators_named_by(UserFactory(email=email))) is found

    def test_not_found_before_approval_nor_on_the_other_side(self):
        OperatorFactory(homepage="https://inn.example/", approved_at=None)
        OperatorFactory(homepage="https://inn.example/", overseas=True)
        assert services.operators_named_by(make_member(homepage="https://elsewhere.example/")) == []

    def test_not_without_end(self, operator):
        person = UserFactory(email="new@inn.example")
        client = logged_in(person)
        answers = [client.post(JOIN, {"way": "domain"}).status_code for _click in range(6)]
        assert answers == [302] * 5 + [200]

    @pytest.mark.parametrize("number", ["", "\0", "１" * 10_000, "abc", "<b>"])
    def test_a_wrong_licence_number_says_so(self, number):
        response, _page = self.ask(UserFactory(), way="licence", kind="travel-2", number=number)
        assert response.context["form"].errors["number"]


@db
class TestRoles:
    def test_last_owner_stays(self, operator, owner, owners_client):
        membership = Membership.objects.get(user=owner)
        for name, data in [("role", {"role": "reader"}), ("remove", {})]:
            response = owners_client.post(
                reverse(f"accounts:membership-{name}", args=[membership.ref]), data, follow=True
            )
            assert "A business always has an owner." in response.content.decode()
        membership.refresh_from_db()
        assert membership.role == Role.OWNER

    def test_ownership_is_handed_over(self, operator, owner, owners_client):
        heir = make_member(operator, role=Role.READER)
        transfer = reverse("accounts:membership-transfer", args=[heir.memberships.get().ref])
        assert heir.email in owners_client.get(transfer).content.decode()
        owners_client.post(transfer)
        roles = dict(Membership.objects.values_list("user", "role"))
        assert roles == {owner.pk: "editor", heir.pk: "owner"}
        assert "ownership_transferred" in messages_to(heir.email)

    def test_who_leaves_acts_for_the_next_of_theirs(self, operator):
        person = make_member(operator, role=Role.EDITOR)
        other = MembershipFactory(user=person, operator=OperatorFactory()).operator
        logged_in(person).post(
            reverse("accounts:membership-remove", args=[person.memberships.get(operator=operator).ref])
        )
        person.refresh_from_db()
        assert person.acting_for == other

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.READER])
    def test_only_owners_manage(self, operator, owner, role):
        client = logged_in(make_member(operator, role=role))
        membership = owner.memberships.get()
        assert client.get(members_of(operator)).status_code == 200
        assert client.post(members_of(operator), {"email": "x@y.example"}).status_code == 404
        for name in ("role", "transfer", "remove"):
            assert client.post(reverse(f"accounts:membership-{name}", args=[membership.ref])).status_code == 404

    @pytest.mark.req("R043", "R151")
    def test_strangers_find_nothing(self, operator, owner):
        client = logged_in(make_member())
        for name in ("operator-detail", "membership-list", "registration-change"):
            address = reverse(f"accounts:{name}", args=[operator.ref])
            assert client.post(address).status_code in (404, 405)
            assert client.get(address).status_code in (404, 405)

    @pytest.mark.parametrize("wanted", ["", "x", "0" * 32])
    def test_nobody_acts_for_what_is_not_theirs(self, operator, wanted):
        person = make_member()
        client = logged_in(person)
        for ref in (wanted, operator.ref):
            assert client.post(reverse("accounts:operator-switch"), {"operator": ref}).status_code == 404
        person.refresh_from_db()
        assert person.acting_for != operator

    def test_switching(self, operator):
        person = make_member(operator)
        other = MembershipFactory(user=person, operator=OperatorFactory(business_name="二軒目")).operator
        client = logged_in(person)
        assert "二軒目" in client.get(reverse("accounts:person")).content.decode()
        client.post(reverse("accounts:operator-switch"), {"operator": other.ref})
        person.refresh_from_db()
        assert person.acting_for == other


@db
@pytest.mark.parametrize("rows", [1, 3])
def test_member_list_asks_a_fixed_number_of_questions(operator, owner, owners_client, rows, django_assert_num_queries):
    for _row in range(rows):
        make_member(operator, role=Role.READER)
        services.invite(operator, by=owner, role=Role.EDITOR)
        services.ask_to_join(operator, by=UserFactory())
    # Who acts, before and after; session, person, subject, policies, operator, own role, members, invitations,
    # requests; the notice; the transaction's two.
    with django_assert_num_queries(14):
        owners_client.get(members_of(operator))


@pytest.mark.req("R046")
@db
def test_person_chooses_their_language(owners_client, owner):
    owners_client.post(reverse("accounts:person"), {"language": "ja"})
    owner.subject.refresh_from_db()
    assert owner.subject.language == "ja"
    assert owners_client.post(reverse("accounts:person"), {"language": "xx"}).context["form"].errors


def leave_at_once(memberships, act):
    """Let each owner leave at the same moment; returns what became of it."""
    barrier, outcomes = Barrier(len(memberships)), []

    def leave(membership):
        barrier.wait()
        try:
            act(membership)
        except services.LastOwner:
            outcomes.append("stayed")
        else:
            outcomes.append("left")
        finally:
            connection.close()

    threads = [Thread(target=leave, args=[membership]) for membership in memberships]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def two_owners():
    operator = OperatorFactory()
    owners = [make_member(operator) for _owner in range(2)]
    return operator, [person.memberships.get() for person in owners]


def test_two_owners_who_leave_at_once_cannot_both(committing_db):
    for _again in range(5):
        operator, memberships = two_owners()
        outcomes = leave_at_once(memberships, lambda one: services.remove_member(one, by=one.user))
        assert outcomes == ["left", "stayed"]
        assert operator.memberships.owners().count() == 1


def test_without_the_lock_both_would(committing_db):
    """The test above can fail: who looks first and acts afterwards leaves the operator ownerless."""
    operator, memberships = two_owners()
    looked = Barrier(2)

    def look_then_leave(membership):
        services._needs_another_owner(membership)
        looked.wait()
        membership.delete()

    assert leave_at_once(memberships, look_then_leave) == ["left", "left"]
    assert operator.memberships.owners().count() == 0
