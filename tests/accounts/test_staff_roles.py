"""What each role of the staff may do is what `data/staff_roles.csv` says: in the groups, and in the admin."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from accounts.data import rows
from accounts.models import Membership, Operator, Role, User
from accounts.staff_roles import StaffRole, permissions_of
from tests.factories import OperatorFactory, OverseasRegistrationFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
MAY_CHANGE_PEOPLE = {StaffRole.ADMINISTRATOR}
MAY_CHANGE_OPERATORS = {StaffRole.ADMINISTRATOR, StaffRole.REVIEWER}
LISTS = [f"{model._meta.app_label}.{model._meta.model_name}" for model in admin.site._registry]


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def test_the_table_names_known_roles_models_and_actions():
    table = list(rows("staff_roles.csv"))
    assert {row["role"] for row in table} == set(StaffRole.values)
    known = {(found.content_type.app_label, found.content_type.model, found.codename) for found in _permissions()}
    assert {named for role in StaffRole for named in permissions_of(role)} <= known


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", StaffRole)
def test_the_groups_hold_exactly_the_table(role):
    held = Group.objects.get(name=role).permissions.select_related("content_type")
    granted = {(found.content_type.app_label, found.content_type.model, found.codename) for found in held}
    assert granted == permissions_of(role)


def _permissions():
    return Permission.objects.select_related("content_type")


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("model", LISTS)
def test_lists_open_and_nothing_is_deleted_or_added_against_the_table(client, make_staff, role, model):
    app_label, name = model.split(".")
    may_view, may_add = ((app_label, name, f"{act}_{name}") in permissions_of(role) for act in ("view", "add"))
    client.force_login(make_staff(role))

    assert client.get(reverse(f"admin:{app_label}_{name}_changelist")).status_code == (200 if may_view else 403)
    assert client.get(reverse(f"admin:{app_label}_{name}_add")).status_code == (200 if may_add else 403)
    assert client.post(reverse(f"admin:{app_label}_{name}_delete", args=[1])).status_code in (302, 403)


@pytest.mark.parametrize("role", StaffRole)
def test_the_start_page_shows_what_the_role_may_open(client, make_staff, role):
    client.force_login(make_staff(role))
    page = client.get(reverse("admin:index")).content.decode()
    for model in LISTS:
        app_label, name = model.split(".")
        listed = f'href="{reverse(f"admin:{app_label}_{name}_changelist")}"' in page
        assert listed is ((app_label, name, f"view_{name}") in permissions_of(role)), model


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_ends_access(client, make_staff, role, method):
    person = make_member()
    client.force_login(make_staff(role))

    act = reverse("admin:accounts_user_act", args=[person.pk, "deactivate"])
    answer = getattr(client, method)(act, {"reason": "left"})

    person.refresh_from_db()
    assert person.is_active is not (role in MAY_CHANGE_PEOPLE and method == "post")
    assert (answer.status_code == 403) is (role not in MAY_CHANGE_PEOPLE)


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("act", ["suspend", "name-owner"])
def test_who_acts_on_operators(client, make_staff, role, act):
    editor = make_member(role=Role.EDITOR)
    client.force_login(make_staff(role))
    row = editor.acting_for if act == "suspend" else editor.memberships.get()

    answer = client.post(reverse(f"admin:accounts_{row._meta.model_name}_act", args=[row.pk, act]), {"reason": "x"})

    assert (answer.status_code == 403) is (role not in MAY_CHANGE_OPERATORS)
    done = (
        Operator.objects.filter(status=Operator.Status.SUSPENDED)
        if act == "suspend"
        else Membership.objects.filter(role=Role.OWNER)
    )
    assert done.exists() is (role in MAY_CHANGE_OPERATORS)


@pytest.mark.parametrize("act", ["deactivate", "reactivate", "raise"])
def test_nobody_acts_on_themselves(client, make_staff, act):
    administrator = make_staff(StaffRole.ADMINISTRATOR)
    client.force_login(administrator)
    answer = client.post(reverse("admin:accounts_user_act", args=[administrator.pk, act]), {"reason": "x"})
    assert answer.status_code == 403


def test_nobody_ends_the_access_of_a_superuser(client, make_staff):
    above = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(make_staff(StaffRole.ADMINISTRATOR))
    answer = client.post(reverse("admin:accounts_user_act", args=[above.pk, "deactivate"]), {"reason": "x"})
    above.refresh_from_db()
    assert (answer.status_code, above.is_active) == (403, True)


@pytest.mark.req("R151")
@pytest.mark.parametrize("role", StaffRole)
def test_nobody_raises_anybody_through_the_pages(client, make_staff, role):
    """Every field that would raise somebody, sent to every page that takes a form: the database stays as it was."""
    person, other = make_staff(role), make_staff(StaffRole.AUDITOR)
    client.force_login(person)
    before = _standing(person), _standing(other)
    raised = {
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [group.pk for group in Group.objects.all()],
        "user_permissions": [found.pk for found in _permissions()[:20]],
        "email": "king@city.example",
        "side": "domestic",
    }

    for target in (person, other):
        client.post(reverse("admin:accounts_user_change", args=[target.pk]), raised)
    client.post(
        reverse("admin:accounts_user_changelist"), raised | {"action": "delete_selected", "_selected_action": 1}
    )

    assert (_standing(person), _standing(other)) == before


def _standing(person):
    person = User.objects.get(pk=person.pk)
    groups = {group.name for group in person.groups.all()}
    return person.email, person.side, person.is_staff, person.is_superuser, groups, person.user_permissions.count()


@pytest.mark.req("R151")
def test_roles_and_addresses_are_edited_nowhere_in_the_admin():
    assert {model._meta.app_label for model in admin.site._registry} == {
        "accounts",
        "directory",
        "inquiries",
        "networking",
        "outbox",
        "privacy",
    }


@pytest.mark.req("R049")
def test_a_role_taken_away_ends_with_the_next_request(client, make_staff):
    person = make_staff(StaffRole.REVIEWER)
    client.force_login(person)
    assert client.get(reverse("admin:accounts_operator_changelist")).status_code == 200

    person.groups.clear()

    assert client.get(reverse("admin:accounts_operator_changelist")).status_code == 403


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = True

    @pytest.mark.req("R150")
    @pytest.mark.parametrize("method", ["get", "post", "head"])
    def test_without_one_every_page_of_the_staff_leads_to_where_it_is_set_up(self, client, make_staff, method):
        registration = OverseasRegistrationFactory()
        client.force_login(make_staff(StaffRole.ADMINISTRATOR))
        operator = OperatorFactory()
        for address in (
            reverse("admin:index"),
            reverse("admin:jsi18n"),
            reverse("admin:accounts_operator_changelist"),
            reverse("admin:accounts_operator_act", args=[operator.pk, "suspend"]),
            reverse("admin:accounts_overseasregistration_act", args=[registration.pk, "approve"]),
            reverse("directory:listing-list"),
        ):
            answer = getattr(client, method)(address)
            assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index")), address
        operator.refresh_from_db()
        assert operator.status == Operator.Status.ACTIVE

    @pytest.mark.parametrize("name", ["home", "about", "contact", "account_logout", "my-page"])
    def test_the_public_pages_stay_open(self, client, make_staff, name):
        client.force_login(make_staff(StaffRole.ADMINISTRATOR))
        assert client.get(reverse(name)).status_code == 200

    def test_members_need_none(self, client):
        client.force_login(make_member())
        assert client.get(reverse("directory:listing-list")).status_code == 200
