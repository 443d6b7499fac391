"""The gate of the admin (R049): who may not see personal fields sees masks, everywhere, and nobody spells them out."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten
from django.contrib.auth.models import Permission
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from accounts.admin import OperatorAdmin
from accounts.models import Operator, User
from accounts.services import registration as services
from accounts.staff_roles import StaffRole
from outbox.admin import MessageAdmin
from privacy import consent
from privacy.admin import GatedAdmin
from privacy.declarations import DataClass, declared
from privacy.models import AuditEvent, ProcessingRecord, Recipient
from tests.factories import DomesticRegistrationFactory, OperatorFactory, OverseasRegistrationFactory, UserFactory

SECRETS = ["hidden.example", "Secret Person", "Secret Chief", "5555-9999"]
SEES = [StaffRole.ADMINISTRATOR, StaffRole.REVIEWER, StaffRole.OFFICER]
SEES_NOT = [role for role in StaffRole if role not in SEES]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def rows(make_staff):
    """Rows of every kind that names persons, from two registrations that were sent again after their approval."""
    reviewer = renamed(make_staff(StaffRole.REVIEWER), "staff@hidden.example")
    found = []
    for factory in (DomesticRegistrationFactory, OverseasRegistrationFactory):
        registration = factory(contact_name="Secret Person")
        owner = renamed(registration.operator.memberships.get().user, f"{factory.__name__.lower()}@hidden.example")
        registration.contact_email, registration.created_by = owner.email, owner
        if factory is DomesticRegistrationFactory:
            registration.representative_name, registration.contact_telephone = "Secret Chief", "+81355559999"
        registration.save()
        services.approve(services.submit(registration, by=owner), by=reviewer)
        change = services.submit(services.propose_change(registration.operator, by=owner), by=owner)
        services.start_review(change, by=reviewer)
        operator = registration.operator
        found += [registration, change, operator, operator.decisions.get(), operator.memberships.get(), owner]
    return [*found, AuditEvent.objects.latest("pk")]


def renamed(person, email):
    person.email = email
    person.save()
    return person


def admin_pages(row):
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    return [f"{reverse(f'{name}_changelist')}?state=all", reverse(f"{name}_change", args=[row.pk])]


def opened(client, person, rows):
    """{address: page} of the lists and pages of `rows` that `person` may open."""
    client.force_login(person)
    answers = {}
    for row in rows:
        listed, shown = admin_pages(row)
        for address in (listed if "registration" in listed else listed.partition("?")[0], shown):
            answers[address] = client.get(address)
    return {address: answer.content.decode() for address, answer in answers.items() if answer.status_code == 200}


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", SEES_NOT)
def test_who_may_not_see_persons_sees_them_nowhere(client, make_staff, rows, role):
    pages = opened(client, make_staff(role), rows)

    told = {(address, secret) for address, page in pages.items() for secret in SECRETS if secret in page}
    assert told == set()
    assert not AuditEvent.objects.filter(act__startswith="personal fields").exists()
    assert bool(pages) is (role != StaffRole.EDITOR)


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", SEES)
def test_who_may_see_persons_is_recorded(client, make_staff, rows, role):
    person = make_staff(role)
    pages = opened(client, person, rows)

    operator = next(row for row in rows if isinstance(row, Operator))
    for secret in SECRETS:
        assert any(secret in page for page in pages.values())
    seen = AuditEvent.objects.filter(act="personal fields seen", by=person).values_list("target", flat=True)
    assert f"accounts.operator:{operator.pk}" in seen


@pytest.mark.req("R049")
def test_a_list_of_addresses_is_recorded_with_its_rows(client, make_staff):
    person = make_staff(StaffRole.OFFICER)
    client.force_login(person)

    client.get(reverse("admin:accounts_user_changelist"))

    event = AuditEvent.objects.get(act="personal fields listed")
    assert event.details == {"of": "accounts.user", "keys": [person.pk]}


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", [StaffRole.AUDITOR, StaffRole.ADMINISTRATOR])
@pytest.mark.parametrize(
    "question",
    [
        "accounts_operator_changelist?people__contact_name__startswith=S",
        "accounts_operator_changelist?people__contact_email=a@b.example",
        "accounts_domesticregistration_changelist?representative_name__contains=S",
        "accounts_overseasregistration_changelist?operator__people__contact_name=S",
        "accounts_decision_changelist?by__email__startswith=s",
        "privacy_auditevent_changelist?by__email=a@b.example",
        "accounts_operator_changelist?contact__ref__isnull=0",
        "privacy_auditevent_changelist?by__password__startswith=p",
    ],
)
def test_the_address_of_a_list_spells_out_nobody(client, make_staff, role, question):
    client.force_login(make_staff(role))
    name, _mark, query = question.partition("?")
    assert client.get(f"{reverse(f'admin:{name}')}?{query}").status_code == 400


@pytest.mark.parametrize("role", [StaffRole.ADMINISTRATOR, StaffRole.OFFICER])
@pytest.mark.parametrize("field", ["password", "email", "last_login", "acting_for", "is_superuser"])
def test_the_list_of_people_answers_only_what_it_offers(client, make_staff, role, field):
    client.force_login(make_staff(role))
    people = reverse("admin:accounts_user_changelist")
    assert client.get(f"{people}?{field}__gte=0").status_code == 400
    assert client.get(f"{people}?is_staff__exact=1").status_code == 200


def test_every_filter_of_a_list_works(client, make_staff):
    person = make_staff(StaffRole.ADMINISTRATOR)
    person.user_permissions.set(Permission.objects.all())
    client.force_login(person)
    for model, found in admin.site._registry.items():
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        for spec in page.context["cl"].filter_specs:
            for choice in spec.choices(page.context["cl"]):
                answer = client.get(f"{page.request['PATH_INFO']}{choice['query_string']}")
                assert (answer.status_code, found, choice) == (200, found, choice)


@pytest.mark.req("R049")
def test_searching_finds_nobody_by_a_personal_value(client, make_staff):
    OperatorFactory(business_name="Inn", contact_name="Secret Person")
    client.force_login(make_staff(StaffRole.ADMINISTRATOR))
    page = client.get(f"{reverse('admin:accounts_operator_changelist')}?q=Secret").content.decode()
    assert "0 results" in page


@pytest.mark.parametrize("order", ["1", "-1", "2.3", "9"])
def test_a_masked_column_is_not_put_in_order(client, make_staff, order):
    client.force_login(make_staff(StaffRole.AUDITOR))
    assert client.get(f"{reverse('admin:accounts_decision_changelist')}?o={order}").status_code == 200


@pytest.mark.req("R049")
def test_every_admin_is_gated():
    ungated = {model._meta.label for model, found in admin.site._registry.items() if not isinstance(found, GatedAdmin)}
    # `outbox` knows nothing of persons: its list shows neither to whom a message goes nor what it says.
    assert ungated == {"outbox.Message"}
    assert not {"to_ref", "sealed_to", "context"} & {*MessageAdmin.fields, *MessageAdmin.list_display}


@pytest.mark.req("R049")
def test_every_field_that_is_declared_to_identify_somebody_is_personal_in_the_admin():
    for declaration in declared():
        found = admin.site._registry.get(declaration.model)
        if isinstance(found, GatedAdmin):
            shown = {*flatten(found.fields or []), *found.list_display}
            assert shown & {*declaration.of_class(DataClass.IDENTIFYING)} <= {*found.personal_fields}, declaration.model


@pytest.mark.req("R049")
@pytest.mark.parametrize(
    "attributes",
    [
        {"search_fields": ["people__contact_name"]},
        {"search_fields": ["=people__contact_email"]},
        {"ordering": ["-people__contact_name"]},
        {"list_filter": ["people__contact_telephone"]},
    ],
)
def test_a_search_an_order_or_a_filter_by_a_personal_field_fails_the_check(attributes):
    faulty = type("FaultyAdmin", (OperatorAdmin,), attributes)(Operator, admin.site)
    assert "privacy.E001" in {error.id for error in faulty.check()}


def test_the_admins_pass_the_check():
    assert [error for found in admin.site._registry.values() for error in found.check()] == []


class TestHistory:
    def test_it_is_the_audit(self, client, make_staff, rows):
        client.force_login(make_staff(StaffRole.AUDITOR))
        operator = next(row for row in rows if isinstance(row, Operator))

        page = client.get(reverse("admin:accounts_operator_history", args=[operator.pk]), follow=True)

        assert page.redirect_chain[-1][0].endswith(f"?q=accounts.operator%3A{operator.pk}")
        assert not any(secret in page.content.decode() for secret in SECRETS)

    @pytest.mark.req("R049")
    def test_who_may_not_read_the_audit_is_refused(self, client, make_staff, rows):
        client.force_login(make_staff(StaffRole.REVIEWER))
        operator = next(row for row in rows if isinstance(row, Operator))
        assert client.get(reverse("admin:accounts_operator_history", args=[operator.pk])).status_code == 403

    def test_staff_acts_leave_nothing_in_djangos_own_log(self, client, make_staff):
        person = OperatorFactory()
        client.force_login(make_staff(StaffRole.ADMINISTRATOR))

        client.post(reverse("admin:accounts_operator_act", args=[person.pk, "suspend"]), {"reason": "complaint"})

        person.refresh_from_db()
        assert person.status == Operator.Status.SUSPENDED
        assert not LogEntry.objects.exists()


def test_who_finds_people_may_see_their_addresses(make_staff):
    """The page of a person is named after the address, so the one right without the other would leak."""
    for role in StaffRole:
        person = User.objects.get(pk=make_staff(role).pk)
        assert person.has_perm("privacy.view_personal_fields") or not person.has_perm("accounts.view_user")


class TestCompanies:
    """Staff of a company that works for the city see what the gate opens to it, and each sight is a use."""

    @pytest.fixture
    def company(self):
        Recipient.objects.filter(code="contractor").update(attested_on=timezone.localdate())
        return Recipient.objects.get(code="contractor")

    @pytest.fixture
    def agent(self, make_staff, client):
        """Reviews registrations at the contractor."""
        person = make_staff(StaffRole.REVIEWER)
        person.recipient = "contractor"
        person.save()
        client.force_login(person)
        return person

    @pytest.fixture
    def registration(self):
        found = DomesticRegistrationFactory(contact_name="Secret Person", representative_name="Secret Chief")
        found.created_by = found.operator.memberships.get().user
        found.save()
        return services.submit(found, by=found.created_by)

    def pages(self, client, row):
        listed, shown = admin_pages(row)
        return client.get(listed).content.decode(), client.get(shown)

    @pytest.mark.req("R049", "R060", "R062")
    def test_they_see_what_their_contract_is_for_and_it_is_written_down(self, client, agent, company, registration):
        listed, shown = self.pages(client, registration)

        assert registration.reference in listed
        assert "Secret Person" in shown.content.decode()
        records = ProcessingRecord.objects.filter(purpose="registration", recipient="contractor", by_ref=agent.ref)
        assert {record.surface for record in records} == {"admin accounts.domesticregistration"}
        assert [record.versions for record in records] == [[1], [1]]
        assert "contact_name" in records[0].fields
        assert AuditEvent.objects.filter(act="personal fields seen", by=agent).exists()

    @pytest.mark.req("R063", "R064")
    def test_of_who_withholds_they_see_the_minimum(self, client, agent, company, registration):
        consent.opt_out(registration.created_by.subject, "contractor")

        listed, shown = self.pages(client, registration)

        page = shown.content.decode()
        assert registration.business_name in listed
        assert registration.business_name in page
        assert not any(
            secret in listed + page for secret in ("Secret Person", "Secret Chief", registration.contact_email)
        )
        records = ProcessingRecord.objects.filter(recipient="contractor")
        assert len(records) == 2
        assert not any("contact_name" in record.fields for record in records)
        assert not AuditEvent.objects.filter(act__startswith="personal fields").exists()

    @pytest.mark.req("R063")
    def test_nor_on_the_page_that_asks_for_changes(self, client, agent, company, registration):
        services.start_review(registration, by=agent)
        address = reverse("admin:accounts_domesticregistration_act", args=[registration.pk, "ask"])
        assert "Secret Person" in client.get(address).content.decode()

        consent.opt_out(registration.created_by.subject, "contractor")

        page = client.get(address).content.decode()
        assert registration.business_name in page
        assert "Secret" not in page

    @pytest.mark.req("R064")
    def test_a_larger_minimum_is_shown(self, client, agent, company, registration):
        company.extra_minimum, company.extra_minimum_reason = ["contact_name"], "Calls back"
        company.save()
        consent.opt_out(registration.created_by.subject, "contractor")

        page = self.pages(client, registration)[1].content.decode()

        assert "Secret Person" in page
        assert "Secret Chief" not in page

    @pytest.mark.req("R049", "R066")
    @pytest.mark.parametrize(
        "change",
        [{"attested_on": None}, {"valid_until": timezone.now()}, {"purposes": ["newsletter"]}],
        ids=lambda change: next(iter(change)),
    )
    def test_a_company_that_is_not_entitled_sees_nothing(self, client, agent, company, registration, change):
        Recipient.objects.filter(pk=company.pk).update(**change)

        listed, shown = self.pages(client, registration)

        assert registration.reference not in listed
        assert shown.status_code == 302
        assert not ProcessingRecord.objects.exists()

    @pytest.mark.req("R049")
    @pytest.mark.parametrize("act", [consent.restrict, consent.confirm_child])
    def test_whose_data_may_not_be_used_is_not_there(self, client, agent, company, registration, act):
        act(registration.created_by.subject)

        listed, shown = self.pages(client, registration)

        assert registration.reference not in listed
        assert shown.status_code == 302

    @pytest.mark.req("R049")
    def test_what_is_for_no_purpose_of_theirs_is_not_there(self, client, agent, company):
        agent.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        UserFactory(email="secret@hidden.example")
        open_to_them = set()
        for model in admin.site._registry:
            name = f"{model._meta.app_label}_{model._meta.model_name}"
            page = client.get(reverse(f"admin:{name}_changelist"))
            assert b"hidden.example" not in page.content
            if page.context["cl"].result_count:
                open_to_them.add(name)
        # Neither is about people: to whom a message goes, and what it says, nobody sees.
        assert open_to_them <= {"outbox_message"}

    @pytest.mark.req("R049")
    def test_a_column_of_people_is_masked_row_by_row(self, client, make_staff, company):
        Recipient.objects.filter(pk=company.pk).update(purposes=["account"])
        people = [UserFactory(email=f"secret{n}@hidden.example") for n in range(2)]
        consent.opt_out(people[0].subject, "contractor")
        person = make_staff(StaffRole.OFFICER)
        person.recipient = "contractor"
        person.save()
        client.force_login(person)

        page = client.get(f"{reverse('admin:accounts_user_changelist')}?o=2").content.decode()

        assert "secret1@hidden.example" in page
        assert "secret0@hidden.example" not in page


@pytest.mark.req("R039", "R049")
def test_staff_of_the_city_leave_a_record_of_use_too(client, make_staff):
    person = make_staff(StaffRole.OFFICER)
    client.force_login(person)

    client.get(reverse("admin:accounts_user_changelist"))

    record = ProcessingRecord.objects.get()
    assert (record.purpose, record.recipient, record.by_ref, record.subjects) == ("account", "", person.ref, 1)
    assert record.fields == ["email"]


class TestRegisters:
    @pytest.fixture
    def officer(self, client, make_staff):
        person = make_staff(StaffRole.OFFICER)
        client.force_login(person)
        return person

    @pytest.mark.req("R060", "R065", "R066")
    def test_a_recipient_is_corrected_and_the_change_recorded(self, client, officer):
        company = Recipient.objects.get(code="contractor")
        address = reverse("admin:privacy_recipient_change", args=[company.pk])
        page = client.get(address)
        form = {name: value or "" for name, value in page.context["adminform"].form.initial.items()}
        form |= {"attested_on": "2026-11-01", "contract_reference": "2026-7", "extra_minimum": ""}
        form |= {"valid_from_0": "2022-01-01", "valid_from_1": "00:00"}

        assert client.post(address, form).status_code == 302

        company.refresh_from_db()
        assert (str(company.attested_on), company.code) == ("2026-11-01", "contractor")
        event = AuditEvent.objects.get(act="recipient changed")
        assert (event.by, event.target) == (officer, f"privacy.recipient:{company.pk}")

    @pytest.mark.req("R060")
    def test_a_recipient_without_an_english_name_is_refused(self, client, officer):
        company = Recipient.objects.get(code="contractor")
        address = reverse("admin:privacy_recipient_change", args=[company.pk])
        answer = client.post(address, {"name_ja": "会社", "name_en": ""})
        assert "name_en" in answer.context["adminform"].form.errors

    @pytest.mark.req("R065", "R153")
    def test_oversight_is_written_down(self, client, officer):
        company = Recipient.objects.get(code="contractor")
        form = {"recipient": company.pk, "on": "2026-10-01", "result": "Nothing amiss", "next_on": "2027-10-01"}

        assert client.post(reverse("admin:privacy_oversight_add"), form).status_code == 302

        assert company.oversights.get().result == "Nothing amiss"
        assert AuditEvent.objects.filter(act="oversight added", by=officer).exists()

    def test_topics_are_for_purposes_that_people_choose_by_topic(self, client, officer):
        page = client.get(reverse("admin:privacy_topic_add"))
        offered = {value for value, _label in page.context["adminform"].form.fields["purpose"].choices}
        assert offered == {"newsletter", "city_information"}

    @pytest.mark.req("R151")
    @pytest.mark.parametrize("model", ["recipient", "oversight", "topic", "processingrecord"])
    def test_the_auditor_reads_and_changes_nothing(self, client, make_staff, model):
        client.force_login(make_staff(StaffRole.AUDITOR))
        assert client.get(reverse(f"admin:privacy_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:privacy_{model}_add")).status_code == 403


@pytest.mark.parametrize(
    "attributes",
    [
        {"date_hierarchy": "people__contact_name"},
        {"list_filter": [("people__contact_email", admin.AllValuesFieldListFilter)]},
        {"ordering": [Lower("people__contact_name").desc()]},
        {"list_display": ["who"], "who": admin.display(ordering="people__contact_name")(lambda self, row: "")},
    ],
    ids=["date hierarchy", "filter", "expression", "column"],
)
def test_no_other_way_to_look_somebody_up_passes_the_check(attributes):
    faulty = type("FaultyAdmin", (OperatorAdmin,), attributes)(Operator, admin.site)
    assert "privacy.E001" in {error.id for error in faulty.check()}


@pytest.mark.req("R039")
def test_people_are_shown_for_a_purpose():
    faulty = type("FaultyAdmin", (OperatorAdmin,), {"purpose": None})(Operator, admin.site)
    assert "privacy.E002" in {error.id for error in faulty.check()}
