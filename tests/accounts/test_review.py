import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Decision, Registration, Role
from accounts.services import registration as services
from accounts.services.registration import NotNow
from accounts.staff_roles import StaffRole
from outbox.models import Message
from privacy.models import AuditEvent
from tests.accounts.mail import read_all
from tests.factories import (
    DomesticRegistrationFactory,
    OperatorFactory,
    OverseasRegistrationFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(make_staff):
    return make_staff(StaffRole.REVIEWER)


def submitted(factory=DomesticRegistrationFactory, **values):
    registration = factory(**values)
    owner = registration.operator.memberships.get().user
    registration.created_by = owner
    registration.save()
    return services.submit(registration, by=owner)


@pytest.mark.req("R030", "R031")
def test_approving_copies_exactly_the_registered_fields(reviewer):
    registration = submitted()

    services.approve(registration, by=reviewer, tokyo_office_confirmed=True, licence_checked_source="List of 2026")

    operator = registration.operator
    operator.refresh_from_db()
    assert operator.values == registration.values
    assert operator.in_cross_view
    assert operator.contact == operator.memberships.get().user.subject
    assert operator.licence_checked_source == "List of 2026"


@pytest.mark.req("C13")
@pytest.mark.parametrize(
    ("factory", "values", "confirmed", "sees"),
    [
        (DomesticRegistrationFactory, {}, True, True),
        (DomesticRegistrationFactory, {}, False, False),
        (DomesticRegistrationFactory, {"has_tokyo_office": False}, True, False),
        (OverseasRegistrationFactory, {}, False, True),
    ],
)
def test_only_an_office_in_tokyo_opens_the_cross_view(reviewer, factory, values, confirmed, sees):
    registration = submitted(factory, **values)

    services.approve(registration, by=reviewer, tokyo_office_confirmed=confirmed)

    registration.operator.refresh_from_db()
    assert registration.operator.in_cross_view is sees


def approve(registration, by):
    return services.approve(registration, by=by)


def ask(registration, by):
    return services.request_changes(registration, by=by, fields={"telephone": "Is it right?"})


def decline(registration, by):
    return services.decline(registration, by=by, reasons=["not tourism"])


@pytest.mark.parametrize("act", [approve, ask, decline])
@pytest.mark.parametrize("status", ["draft", "changes requested", "approved", "declined"])
def test_a_registration_that_does_not_wait_is_not_decided(reviewer, act, status):
    registration = submitted()
    type(registration).objects.filter(pk=registration.pk).update(status=status)
    before = Message.objects.count(), AuditEvent.objects.count()

    with pytest.raises(NotNow):
        act(registration, reviewer)
    assert (Message.objects.count(), AuditEvent.objects.count()) == before
    assert not Decision.objects.exists()


@pytest.mark.req("R150")
@pytest.mark.parametrize(
    ("act", "status", "template"),
    [
        (approve, "approved", "approved"),
        (ask, "changes requested", "changes_requested"),
        (decline, "declined", "declined"),
    ],
)
def test_a_decision_is_recorded_and_mailed(reviewer, act, status, template):
    registration = submitted()

    act(registration, reviewer)

    registration.refresh_from_db()
    decision = Decision.objects.get()
    assert (registration.status, decision.outcome, decision.by) == (status, status, reviewer)
    assert Message.objects.filter(template=f"accounts/emails/{template}").count() == 1
    assert AuditEvent.objects.filter(act=f"registration {status}", by=reviewer).count() == 1


@pytest.mark.req("R046")
def test_a_change_waits_while_the_approved_values_stay_live(reviewer):
    registration = submitted(OverseasRegistrationFactory)
    services.approve(registration, by=reviewer)
    owner = registration.created_by

    change = services.propose_change(registration.operator, by=owner)
    change.city = "Grenoble"
    change.save()
    change = services.submit(change, by=owner)

    registration.operator.refresh_from_db()
    assert registration.operator.city == "Lyon"
    assert change.changes == [("city", "Lyon", "Grenoble")]

    services.approve(change, by=reviewer)
    registration.operator.refresh_from_db()
    assert registration.operator.city == "Grenoble"


def test_a_first_application_stays_one_after_its_approval(reviewer):
    first = submitted(OverseasRegistrationFactory)
    services.approve(first, by=reviewer)
    change = services.propose_change(first.operator, by=first.created_by)
    first.operator.refresh_from_db()

    assert [type(row).objects.get(pk=row.pk).is_first for row in (first, change)] == [True, False]


def test_a_declined_application_is_taken_up_again(reviewer):
    registration = submitted()
    services.decline(registration, by=reviewer, reasons=["not found"])

    again = services.propose_change(registration.operator, by=registration.created_by)

    assert (again.status, again.business_name) == (Registration.Status.DRAFT, registration.business_name)


def name_and_approve(reviewer, registration, email, **values):
    """The account holder names another person in charge, and staff approve it."""
    if registration.status == Registration.Status.APPROVED:
        registration = services.propose_change(registration.operator, by=registration.created_by)
    for name, value in ({"contact_email": email} | values).items():
        setattr(registration, name, value)
    registration.status = Registration.Status.IN_REVIEW
    registration.reference, registration.submitted_at = f"T-{Decision.objects.count()}", timezone.now()
    registration.due_on = timezone.localdate()
    registration.save()
    registration = services.approve(registration, by=reviewer)
    registration.operator.refresh_from_db()
    return registration


@pytest.mark.req("C12")
def test_a_person_in_charge_who_is_named_by_somebody_else_is_told_once(reviewer):
    first = name_and_approve(reviewer, submitted(), "other@elsewhere.example")
    named = first.operator.contact
    name_and_approve(reviewer, first, "third@elsewhere.example")
    again = name_and_approve(reviewer, first, "other@elsewhere.example")

    told = Message.objects.filter(template="accounts/emails/named_as_contact")
    assert [message.purpose for message in told] == ["service_notices"] * 2
    assert told.filter(to_ref=named.ref).count() == 1
    assert again.operator.contact == named
    assert not hasattr(named, "user")


@pytest.mark.req("C12")
def test_whoever_names_themselves_is_told_nothing_and_a_colleague_is(reviewer):
    registration = submitted()
    colleague = make_member(registration.operator, role=Role.EDITOR)
    own = name_and_approve(reviewer, registration, registration.created_by.email)
    assert not Message.objects.filter(template="accounts/emails/named_as_contact").exists()

    operator = name_and_approve(reviewer, own, colleague.email).operator

    assert operator.contact == colleague.subject
    assert Message.objects.get(template="accounts/emails/named_as_contact").to_ref == colleague.ref


@pytest.mark.req("C12")
def test_the_notice_names_source_purposes_and_rights(reviewer):
    registration = name_and_approve(reviewer, submitted(), "other@elsewhere.example")

    (mail,) = [mail for mail in read_all() if mail.to == ["other@elsewhere.example"]]

    for words in ("come from the business", "check the registration", "object to their use", "without an account"):
        assert words in mail.body
    assert registration.business_name in mail.subject


@pytest.mark.req("C12")
def test_a_representative_without_an_address_is_told_through_the_account_holder_once(reviewer):
    def words():
        approvals = Message.objects.filter(template__contains="approved").order_by("pk")
        return [message.context["names_representative"] for message in approvals]

    registration = name_and_approve(reviewer, submitted(), "other@elsewhere.example")
    name_and_approve(reviewer, registration, "other@elsewhere.example", employees=13)
    name_and_approve(reviewer, registration, "other@elsewhere.example", representative_name="見本 次郎")

    assert words() == [True, False, True]
    assert "Please tell them" in [mail for mail in read_all() if "Welcome" in mail.body][0].body


class TestPages:
    @pytest.fixture(autouse=True)
    def _logged_in(self, client, reviewer, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(reviewer)

    def url(self, registration, act=None):
        name = f"admin:accounts_{registration._meta.model_name}_{'act' if act else 'change'}"
        return reverse(name, args=[registration.pk, act] if act else [registration.pk])

    @pytest.mark.parametrize("factory", [DomesticRegistrationFactory, OverseasRegistrationFactory])
    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_review_page(self, client, factory, language):
        registration = submitted(factory)

        page = client.get(self.url(registration).replace("/en/", f"/{language}/"))

        assert page.status_code == 200
        assert registration.reference in page.content.decode()

    @pytest.mark.parametrize(
        ("language", "register"),
        [("en", "registered by the Governor of Osaka"), ("ja", "大阪府知事登録の旅行業者の一覧")],
    )
    def test_the_public_register_to_compare_with_is_named(self, client, language, register):
        licences = [
            {"kind": "travel-2", "authority": "大阪府知事", "number": "2-1"},
            {"kind": "home-sharing", "authority": "<b>区", "number": "M130012345"},
            {"kind": "taxi", "authority": "関東運輸局", "number": "1"},
        ]
        registration = submitted(licence_state="held", licences=licences)

        page = client.get(self.url(registration).replace("/en/", f"/{language}/")).content.decode()

        assert register in page
        assert 'href="https://www.mlit.go.jp/kankocho/minpaku/"' in page
        assert {"en": "Taxi: Ask the authority.", "ja": "一般乗用旅客自動車運送事業: 許可などを"}[language] in page
        assert "<b>区" not in page

    def test_approve(self, client):
        registration = submitted()

        page = client.post(self.url(registration, "approve"), {"tokyo_office_confirmed": "yes"})

        registration.operator.refresh_from_db()
        assert page.status_code == 302
        assert registration.operator.in_cross_view

    def test_whether_the_office_is_confirmed_must_be_said(self, client):
        registration = submitted()

        assert client.post(self.url(registration, "approve"), {"note": "Welcome"}).status_code == 200
        registration.refresh_from_db()
        assert registration.status == "submitted"

        client.post(self.url(registration, "approve"), {"tokyo_office_confirmed": "no"})
        registration.operator.refresh_from_db()
        assert (registration.operator.approved_at is not None, registration.operator.in_cross_view) == (True, False)

    def test_ask_about_a_field(self, client):
        registration = submitted()

        client.post(self.url(registration, "ask"), {"telephone": "Is it right?", "note": "Thank you."})

        registration.refresh_from_db()
        assert registration.requested_changes == {"telephone": "Is it right?"}

    def test_asking_about_nothing_is_refused(self, client):
        registration = submitted()

        page = client.post(self.url(registration, "ask"), {"note": "Hm."})

        registration.refresh_from_db()
        assert (page.status_code, registration.status) == (200, "submitted")
        assert "Hm." in page.content.decode()

    def test_what_an_applicant_typed_stays_text(self, client):
        registration = submitted(business_name="<script>alert(1)</script>")

        for act in (None, "approve", "ask", "decline"):
            assert "<script>alert" not in client.get(self.url(registration, act)).content.decode()

    def test_what_is_decided_is_what_was_read(self, client):
        registration = submitted()
        page = client.get(self.url(registration)).content.decode()
        approve = re.search(r'href="([^"]*/decide/approve/[^"]*)"', page)[1]
        services.request_changes(registration, by=UserFactory(), fields={"city": "Where?"})
        services.submit(registration, by=registration.created_by)

        answer = client.post(approve, {"tokyo_office_confirmed": "yes"}, follow=True)

        registration.refresh_from_db()
        assert registration.status == "submitted"
        assert "Somebody else has moved this registration on" in answer.content.decode()

    def test_a_change_is_told_by_words(self, client, reviewer):
        registration = submitted(OverseasRegistrationFactory)
        services.approve(registration, by=reviewer)
        change = services.propose_change(registration.operator, by=registration.created_by)
        change.city = "Grenoble"
        change.save()
        services.submit(change, by=registration.created_by)

        rows = re.findall(r"<tr.*?</tr>", client.get(self.url(change)).content.decode(), re.DOTALL)

        changed = [row for row in rows if "changed</strong>" in row]
        assert len(changed) == 1
        assert re.findall(r"<td>(.*?)</td>", changed[0]) == ["Grenoble", "Lyon"]

    def test_earlier_decisions_are_shown_with_their_reasons(self, client, reviewer):
        registration = submitted()
        services.request_changes(registration, by=reviewer, fields={"city": "Which ward?"}, note="Thank you.")
        services.submit(registration, by=registration.created_by)
        services.decline(registration, by=reviewer, reasons=["licence"])

        page = client.get(self.url(registration)).content.decode()

        assert "City: Which ward?" in page
        assert "The licence number does not match the public register." in page
        assert page.count(reviewer.email) >= 2

    def test_a_draft_is_not_shown(self, client):
        assert client.get(self.url(DomesticRegistrationFactory())).status_code == 302

    def test_taking_it_on_twice_says_who_was_first(self, client, reviewer):
        registration = submitted()
        start = reverse("admin:accounts_domesticregistration_start", args=[registration.pk])
        client.get(start)
        registration.refresh_from_db()
        assert registration.status == "submitted"

        answers = [client.post(start, follow=True).content.decode() for _time in range(2)]

        registration.refresh_from_db()
        assert (registration.status, registration.reviewer) == ("in review", reviewer)
        assert ["Somebody else" in answer for answer in answers] == [False, True]

    def test_decline_twice_decides_once(self, client):
        registration = submitted()
        for _time in range(2):
            client.post(self.url(registration, "decline"), {"reasons": ["not found"]})

        assert Decision.objects.count() == 1

    def queue(self, client, **query):
        """The numbers in the queue, in its order."""
        page = client.get(reverse("admin:accounts_domesticregistration_changelist"), query)
        return [registration.pk for registration in page.context["cl"].result_list]

    def test_the_queue_is_narrowed_by_age(self, client):
        today = timezone.localdate()
        overdue, due, later, done = [submitted() for _number in range(4)]
        for registration, days in ((overdue, -1), (due, 0), (later, 1), (done, -1)):
            registration.due_on = today + timedelta(days=days)
            registration.status = "declined" if registration is done else "submitted"
            registration.save()

        assert self.queue(client) == [overdue.pk, due.pk, later.pk]
        assert self.queue(client, age="overdue") == [overdue.pk]
        assert self.queue(client, age="today") == [due.pk]
        assert self.queue(client, age="later", state="all") == [later.pk]
        assert self.queue(client, age="overdue", state="declined") == []
        assert len(self.queue(client, age="never")) == 3

    def test_the_queue_is_narrowed_by_kind(self, client, reviewer):
        first, approved = submitted(), submitted()
        services.approve(approved, by=reviewer)
        change = services.propose_change(approved.operator, by=approved.created_by)
        change.business_name = "Another Name"
        change.save()
        services.submit(change, by=approved.created_by)

        assert self.queue(client, kind="first") == [first.pk]
        assert self.queue(client, kind="change") == [change.pk]
        assert self.queue(client, kind="change", state="approved") == [approved.pk]

    def test_the_queue_is_narrowed_by_the_applicants_language(self, client):
        english, japanese, gone = [submitted() for _number in range(3)]
        for registration, language in ((english, "en"), (japanese, "ja")):
            registration.created_by.subject.language = language
            registration.created_by.subject.save()
        type(gone).objects.filter(pk=gone.pk).update(created_by=None)

        assert sorted(self.queue(client, language="en")) == [english.pk, gone.pk]
        assert self.queue(client, language="ja") == [japanese.pk]

    @pytest.mark.parametrize("count", [1, 3])
    def test_queue_asks_a_fixed_number_of_queries(self, client, count, django_assert_num_queries):
        for _number in range(count):
            submitted()
        url = reverse("admin:accounts_domesticregistration_changelist")
        client.get(url)
        with django_assert_num_queries(13):
            client.get(url)
        with django_assert_num_queries(13):
            client.get(url, {"age": "later", "kind": "first", "language": "en"})


@pytest.mark.req("R049")
@pytest.mark.parametrize(
    ("role", "allowed"),
    [(role, role in (StaffRole.ADMINISTRATOR, StaffRole.REVIEWER)) for role in StaffRole],
)
def test_who_may_decide(client, make_staff, settings, role, allowed):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    registration = submitted()
    client.force_login(make_staff(role))

    client.post(
        reverse("admin:accounts_domesticregistration_act", args=[registration.pk, "decline"]),
        {"reasons": ["not found"]},
    )

    assert Decision.objects.exists() is allowed


@pytest.mark.req("R049")
def test_masked_without_the_permission(client, make_staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    operator = OperatorFactory(contact_name="Secret Person")
    url = reverse("admin:accounts_operator_change", args=[operator.pk])

    client.force_login(make_staff(StaffRole.AUDITOR))
    assert "Secret Person" not in client.get(url).content.decode()
    assert not AuditEvent.objects.filter(act="personal fields seen").exists()

    client.force_login(make_staff(StaffRole.REVIEWER))
    assert "Secret Person" in client.get(url).content.decode()
    assert AuditEvent.objects.filter(act="personal fields seen").count() == 1


@pytest.mark.req("R150")
def test_staff_without_a_second_factor_only_reach_where_they_set_one_up(client, make_staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client.force_login(make_staff(StaffRole.REVIEWER))

    for url in (reverse("admin:index"), reverse("admin:accounts_operator_changelist")):
        for page in (client.get(url), client.post(url)):
            assert (page.status_code, page.url) == (302, reverse("mfa_index"))


@pytest.mark.req("R049")
def test_somebody_without_a_staff_role_sees_no_admin(client):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:accounts_operator_changelist")).status_code == 302
