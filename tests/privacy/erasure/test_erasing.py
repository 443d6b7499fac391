"""What becomes of everything when a person is erased (PR5), and who is asked and told."""

import uuid

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import outbox
from accounts.models import DomesticRegistration, Operator, OperatorPeople, Role
from accounts.services import operators, registration
from accounts.staff_roles import StaffRole
from directory.models import SavedListing
from directory.services import publish
from networking.models import Introduction
from networking.services import introduce
from outbox.addresses import Address, unseal
from outbox.composing import compose
from outbox.models import Message
from outbox.models import State as MessageState
from privacy import audit, consent, erasure, gate, requests
from privacy.models import (
    AuditEvent,
    Export,
    ExportItem,
    ExportKind,
    ItemAction,
    LedgerEvent,
    Recipient,
    RecipientKey,
    RequestEvent,
)
from privacy.purposes import Purpose
from tests.accounts.mail import messages_to
from tests.factories import (
    DomesticRegistrationFactory,
    ListingDraftFactory,
    MembershipFactory,
    OperatorFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db


def erased(person, reason="child"):
    return erasure.erase(erasure.start(person.subject, reason).pk)


def make_contact(person):
    """Let the person be the one in charge of the business they act for, shown to the other side."""
    operator = person.acting_for
    operator.contact, operator.shown_contact = person.subject, ["contact_name"]
    operator.save()
    OperatorPeople.objects.filter(operator=operator).update(contact_email=person.email)
    return operator


@pytest.mark.req("R094")
def test_of_an_account_a_key_without_a_person_stays():
    person = UserFactory()
    browser = Client()
    browser.force_login(person)

    done = erased(person)

    person.refresh_from_db()
    assert person.email == f"{person.subject.ref}@erased.invalid"
    assert not person.is_active
    assert not person.has_usable_password()
    assert not person.emailaddress_set.exists()
    assert not Session.objects.exists()
    assert done.subject.erased_at == done.subject.ended_at == done.done_at
    assert done.counts["accounts.User"] == {"empty": 1}
    assert not any(gate.permitting(purpose).filter(pk=person.subject.pk).exists() for purpose in [Purpose.NETWORKING])


@pytest.mark.req("R094", "R151")
def test_what_was_done_and_said_stays_without_the_person(client):
    person = UserFactory()
    consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")
    asked, _is_new = requests.receive(person.subject, "access", "About my address", by=person)
    said, done = LedgerEvent.objects.filter(subject_ref=person.ref), AuditEvent.objects.filter(by=person)
    before = said.count(), done.count()

    erased(person)

    assert said.count() == before[0] + 1, "and that it was frozen"
    assert done.count() == before[1]
    asked.refresh_from_db()
    assert (asked.text, asked.kind) == ("", "access")
    assert RequestEvent.objects.filter(request=asked).exists()


class TestBusiness:
    @pytest.mark.req("R094")
    def test_the_erasure_of_the_person_in_charge_does_not_wait_for_another(self, client):
        person = make_member()
        operator = make_contact(person)
        owner = make_member(operator)
        publish(ListingDraftFactory(operator=operator), by=owner)
        name = operator.people.contact_name
        client.force_login(make_member(overseas=True))
        page = reverse("directory:listing-detail", args=[operator.listing.ref])
        assert name in client.get(page).content.decode()

        erased(person)

        operator.refresh_from_db()
        assert (operator.status, operator.contact) == (Operator.Status.CONTACT_NEEDED, None)
        assert operator.in_cross_view
        shown = client.get(page)
        assert shown.status_code == 200
        assert name not in shown.content.decode()
        assert messages_to(owner.email) == ["contact_needed"]
        people = OperatorPeople.objects.get(operator=operator)
        assert {people.contact_name, people.contact_email, people.contact_telephone} == {""}

    def test_the_owner_reads_where_to_name_another(self):
        person = make_member()
        owner = make_member(make_contact(person))
        erased(person)

        message = Message.objects.get(template="accounts/emails/contact_needed")
        for language in ("en", "ja"):
            mail = compose(message, Address(owner.email, language))
            assert reverse("accounts:operator-detail", args=[person.acting_for.ref])[4:] in mail.body

    def test_with_another_person_in_charge_the_business_is_active_again(self, make_staff):
        person = make_member()
        operator = make_contact(person)
        owner, reviewer = make_member(operator), make_staff(StaffRole.REVIEWER)
        erased(person)
        change = registration.propose_change(Operator.objects.get(pk=operator.pk), by=owner)
        type(change).objects.filter(pk=change.pk).update(contact_name="Hanako", contact_email=owner.email)
        change.refresh_from_db()
        change.representative_name, change.contact_telephone = "Taro", "+81335550101"
        change.save()
        registration.submit(change, by=owner)

        registration.approve(change, by=reviewer, tokyo_office_confirmed=True)

        operator.refresh_from_db()
        assert (operator.status, operator.contact) == (Operator.Status.ACTIVE, owner.subject)

    @pytest.mark.req("R094")
    def test_of_the_only_owner_staff_learn(self, make_staff):
        person, reviewer = make_member(), make_staff(StaffRole.REVIEWER)
        operator = person.acting_for

        erased(person)

        operator.refresh_from_db()
        assert operator.status == Operator.Status.CONTACT_NEEDED
        assert operator.contact is not None, "somebody else is in charge, and reached as before"
        assert messages_to(reviewer.email) == ["staff_owner_needed"]

    def test_a_colleague_who_goes_changes_nothing_for_the_business(self):
        owner = make_member()
        editor = make_member(owner.acting_for, role=Role.EDITOR)

        erased(editor)

        operator = Operator.objects.get(pk=owner.acting_for.pk)
        assert (operator.status, operator.contact) == (Operator.Status.ACTIVE, owner.acting_for.contact)
        assert operator.people.contact_name
        assert messages_to(owner.email) == []

    def test_a_suspended_business_stays_suspended(self, make_staff):
        person = make_member()
        operators.suspend(person.acting_for, by=make_staff(StaffRole.ADMINISTRATOR), reason="-")

        erased(person)

        assert Operator.objects.get(pk=person.acting_for.pk).status == Operator.Status.SUSPENDED

    def test_what_nobody_else_looks_after_and_nobody_approved_goes(self):
        application = DomesticRegistrationFactory()
        [person] = [membership.user for membership in application.operator.memberships.all()]

        erased(person)

        assert not Operator.objects.filter(pk=application.operator.pk).exists()
        assert not DomesticRegistration.objects.filter(pk=application.pk).exists()

    def test_an_application_that_a_colleague_goes_on_with_comes_back_to_them(self):
        application = DomesticRegistrationFactory()
        [person] = [membership.user for membership in application.operator.memberships.all()]
        MembershipFactory(operator=application.operator)
        registration.submit(application, by=person)

        erased(person)

        application.refresh_from_db()
        assert application.status == DomesticRegistration.Status.DRAFT
        assert application.contact_name == application.contact_email == ""
        assert application.business_name

    def test_who_wrote_an_application_takes_no_other_person_with_them(self):
        application = DomesticRegistrationFactory()
        author = make_member(application.operator)
        DomesticRegistration.objects.filter(pk=application.pk).update(created_by=author)

        erased(author)

        application.refresh_from_db()
        assert application.created_by is None
        assert application.contact_name == "見本 花子"


@pytest.mark.req("R094")
def test_the_other_side_keeps_the_thread_without_the_words_of_who_left(client):
    person, partner = make_member(), make_member(overseas=True)
    operator = make_contact(person)
    publish(ListingDraftFactory(operator=operator), by=person)
    letter = introduce(operator, partner.acting_for, text="Call me on Monday", by=person, form_key=uuid.uuid4())
    answer = introduce(partner.acting_for, operator, text="With pleasure", by=partner, form_key=uuid.uuid4())

    erased(person)

    client.force_login(partner)
    thread = client.get(reverse("networking:introduction-detail", args=[letter.ref])).content.decode()
    assert "Call me on Monday" not in thread
    assert "The words were deleted, because their author asked for it." in thread
    assert operator.business_name_romanised in thread
    answer.refresh_from_db()
    assert answer.text == "With pleasure"
    assert not Message.objects.filter(template="networking/emails/introduction", context__text="Call me on Monday")


class TestMail:
    @pytest.mark.req("R094")
    def test_nothing_waits_for_who_is_erased_nor_tells_of_them(self):
        person, other = UserFactory(), UserFactory()
        to_them = outbox.post(person.subject, Purpose.ACCOUNT, "accounts/emails/join_answered", accepted=True)
        of_them = outbox.post(other.subject, Purpose.ACCOUNT, "-", nested={"deep": [f"Ask {person.email.upper()}"]})
        to_address = outbox.post(Address(person.email, "en"), Purpose.ACCOUNT, "-", code="1")
        unrelated = outbox.post(other.subject, Purpose.ACCOUNT, "-", email=other.email)

        erased(person)

        assert not Message.objects.filter(pk=to_them.pk).exists()
        for message in (of_them, to_address):
            message.refresh_from_db()
            assert (message.state, message.context, message.sealed_to) == (MessageState.EXPIRED, None, None)
        unrelated.refresh_from_db()
        assert unrelated.state == MessageState.WAITING

    @pytest.mark.parametrize("state", [MessageState.SENDING, MessageState.SET_ASIDE, MessageState.IN_DOUBT])
    def test_in_whatever_state_it_is(self, state):
        person, other = UserFactory(), UserFactory()
        message = outbox.post(other.subject, Purpose.ACCOUNT, "-", email=person.email)
        now = timezone.now()
        Message.objects.filter(pk=message.pk).update(
            state=state,
            leased_until=now if state == MessageState.SENDING else None,
            handed_over_at=now if state == MessageState.IN_DOUBT else None,
        )

        erased(person)

        message.refresh_from_db()
        assert (message.state, message.context) == (MessageState.EXPIRED, None)


class TestRecipients:
    @pytest.fixture
    def handed_over(self, make_staff):
        """Who received rows of `person`: a hand-over that was opened and is not destroyed."""

        def make(person, **moments):
            officer = make_staff(StaffRole.OFFICER)
            key = RecipientKey.objects.create(
                recipient="contractor",
                public_key=str(uuid.uuid4()),
                telephone="-",
                registered_by=officer,
                expires_at=timezone.now(),
            )
            given = Export.objects.create(
                kind=ExportKind.PROVISION,
                recipient="contractor",
                reason="-",
                requested_by=officer,
                key=key,
                sha256="-",
                built_at=timezone.now(),
                confirmed_at=timezone.now(),
                password_read_at=timezone.now(),
                password_read_by=officer,
                **moments,
            )
            ExportItem.objects.create(export=given, subject_ref=person.ref, row_key="1", digest="-")
            return given

        return make

    @pytest.mark.req("L03", "R094")
    def test_whoever_received_the_data_is_asked_to_delete_them(self, handed_over):
        person = UserFactory()
        given = handed_over(person)

        erased(person)

        recall = Export.objects.get(kind=ExportKind.RECALL)
        assert (recall.recipient, recall.recalls) == ("contractor", given)
        item = recall.items.get()
        assert (item.subject_ref, item.action) == (person.ref, ItemAction.ERASE)

    def test_what_is_destroyed_is_not_recalled(self, handed_over):
        person = UserFactory()
        handed_over(person, destroyed_at=timezone.now())

        erased(person)

        assert not Export.objects.filter(kind=ExportKind.RECALL).exists()

    @pytest.mark.req("L03", "R094")
    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_the_certificate_says_what_went_what_stays_who_is_told_and_until_when(self, handed_over, language):
        person = make_member(language=language)
        SavedListing.objects.create(user=person, operator=OperatorFactory())
        audit.record(person, "listing published", person.acting_for)
        handed_over(person)
        address = person.email

        done = erased(person)

        message = Message.objects.get(template="privacy/emails/erasure_done")
        to = unseal(message.sealed_to)
        assert (to.email, to.language, message.to_ref) == (address, language, None)
        text = compose(message, to).body
        name = Recipient.objects.get(code="contractor").name(language)
        deleted, kept = {"en": ("Saved listings", "Audit events"), "ja": ("保存", "監査")}[language]
        assert deleted in " ".join(message.context["deleted"])
        assert kept in " ".join(names for names, _why in message.context["kept"])
        for part in (str(done.ref), name, {"en": "deleted", "ja": "削除"}[language]):
            assert part in text
        until = timezone.localtime(done.done_at + erasure.BACKUPS_KEPT)
        assert {"en": f"{until.day} {until:%b}", "ja": f"{until.month}月{until.day}日"}[language] in text


@pytest.mark.req("R094")
@pytest.mark.parametrize("who", ["sender", "reporter"])
def test_what_a_report_says_goes_with_the_sender_and_with_who_reported(who):
    sender, reader = make_member(), make_member(overseas=True)
    introduction = Introduction.objects.create(
        sender=sender.acting_for,
        recipient=reader.acting_for,
        sent_by=sender,
        reported_by=reader,
        reported_at=timezone.now(),
        report_reason="Taro Mihon insulted me",
        text="Hello",
        form_key=uuid.uuid4(),
    )
    other = Introduction.objects.create(
        sender=sender.acting_for,
        recipient=reader.acting_for,
        sent_by=UserFactory(),
        reported_by=UserFactory(),
        reported_at=timezone.now(),
        report_reason="Somebody else",
        text="Good day",
        form_key=uuid.uuid4(),
    )

    erased(sender if who == "sender" else reader)

    introduction.refresh_from_db()
    other.refresh_from_db()
    assert (introduction.text, introduction.report_reason) == ("" if who == "sender" else "Hello", "")
    assert (other.text, other.report_reason) == ("Good day", "Somebody else")
