"""A guardian speaks: the child's contact data are hidden at once, for a working day, unless an officer confirms it."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Operator
from accounts.staff_roles import StaffRole
from directory.services import publish
from inquiries.models import ChildCase, Entry, Inquiry, Unconfirmed
from outbox.models import Message
from privacy import consent, erasure, gate
from privacy.models import AuditEvent, LedgerEvent
from privacy.purposes import Purpose
from tests.accounts.mail import last_code, messages_to
from tests.factories import ListingDraftFactory, OperatorFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def child():
    """Somebody whose address is child@home.example, and the person in charge of a published business."""
    person = make_member()
    person.email = "child@home.example"
    person.save()
    person.acting_for.contact = person.subject
    person.acting_for.save()
    publish(ListingDraftFactory(operator=person.acting_for), by=person)
    return person


def is_shown(person):
    return gate.permitting(Purpose.NETWORKING).filter(pk=person.subject.pk).exists()


def decide(client, case, act, staff, **answers):
    client.force_login(staff)
    page = reverse("admin:inquiries_childcase_act", args=[case.pk, act])
    return client.post(page, {"reason": "Spoke to the school"} | answers)


@pytest.mark.req("R112", "R113", "L11")
def test_nothing_is_hidden_before_the_code_and_everything_after_it(report, type_code, child):
    answer = report()
    assert is_shown(child)

    type_code(answer)

    assert not is_shown(child)
    case = ChildCase.objects.get()
    assert (case.subject, case.inquiry.kind) == (child.subject, "child")
    assert hasattr(child.acting_for, "listing"), "a listing stays published"
    event = LedgerEvent.objects.filter(subject_ref=child.ref, matter="child").get()
    assert (event.state, event.actor, event.valid_until) == ("made", "guardian", case.hidden_until)
    assert AuditEvent.objects.filter(act="child’s data hidden").exists()


@pytest.mark.req("R113")
@pytest.mark.parametrize(
    ("reported", "lapses"),
    [
        ("2026-11-24 10:00", "2026-11-26 00:00"),  # Tuesday, to the end of Wednesday.
        ("2026-11-27 18:00", "2026-12-01 00:00"),  # Friday, to the end of Monday.
        ("2026-12-28 09:00", "2027-01-05 00:00"),  # The offices open again on 4 January.
    ],
)
def test_it_lapses_at_the_end_of_the_next_working_day(report, type_code, child, reported, lapses):
    def moment(text):
        return datetime.fromisoformat(text).replace(tzinfo=TOKYO)

    with time_machine.travel(moment(reported), tick=False):
        type_code(report())
    with time_machine.travel(moment(lapses) - timedelta(seconds=1), tick=False):
        assert not is_shown(child)
    with time_machine.travel(moment(lapses) + timedelta(seconds=1), tick=False):
        assert is_shown(child)
        assert ChildCase.objects.get().situation == "Lapsed: shown again"


@pytest.mark.req("R113")
def test_confirmed_it_stays_hidden(client, report, type_code, child, make_staff):
    type_code(report())

    decide(client, ChildCase.objects.get(), "confirm", make_staff(StaffRole.OFFICER))

    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert not is_shown(child)
    assert AuditEvent.objects.filter(act="child’s data confirmed", details__reason="Spoke to the school").exists()


@pytest.mark.req("R113")
def test_confirmed_the_data_are_deleted_with_the_next_run_and_the_guardian_is_told(
    client, report, type_code, child, make_staff, settings, tmp_path
):
    settings.JOURNAL_DIR = tmp_path
    type_code(report())
    case = ChildCase.objects.get()

    decide(client, case, "confirm", make_staff(StaffRole.OFFICER))
    erasure.run_due()

    child.refresh_from_db()
    assert child.email != "child@home.example"
    assert not child.is_active
    told = Message.objects.get(template="inquiries/emails/child_confirmed")
    assert (told.to_ref, told.context) == (case.inquiry.subject.ref, {"number": case.inquiry.number})
    case.refresh_from_db()
    assert (case.child_email, case.decision) == ("", "confirmed")


@pytest.mark.req("R113")
def test_what_was_confirmed_by_mistake_is_not_deleted_once_it_is_cleared(client, report, type_code, child, make_staff):
    type_code(report())
    officer = make_staff(StaffRole.OFFICER)
    for act in ("confirm", "clear"):
        decide(client, ChildCase.objects.get(), act, officer)

    assert erasure.run_due() == []
    assert is_shown(child)


@pytest.mark.req("R113")
def test_cleared_it_is_shown_again(client, report, type_code, child, make_staff):
    type_code(report())

    decide(client, ChildCase.objects.get(), "clear", make_staff(StaffRole.OFFICER))

    assert is_shown(child)
    assert AuditEvent.objects.filter(act="child’s data cleared").exists()


@pytest.mark.req("R113")
@pytest.mark.parametrize("role", StaffRole)
def test_who_decides(client, report, type_code, child, make_staff, role):
    type_code(report())

    decide(client, ChildCase.objects.get(), "confirm", make_staff(role))

    decided = bool(ChildCase.objects.get().decision)
    assert decided is (role in (StaffRole.ADMINISTRATOR, StaffRole.OFFICER))


def test_deciding_twice_is_deciding_once(client, report, type_code, child, make_staff):
    type_code(report())
    officer = make_staff(StaffRole.OFFICER)

    answers = [decide(client, ChildCase.objects.get(), "confirm", officer).status_code for _click in range(2)]

    assert answers == [302, 403]
    assert AuditEvent.objects.filter(act="child’s data confirmed").count() == 1


@pytest.mark.req("R112")
def test_a_guardian_does_not_learn_whether_somebody_is_registered(client, report, type_code, child):
    pages = []
    for address in ("child@home.example", "nobody@home.example"):
        answer = report(child_email=address, email=f"for.{address}")
        confirmed = type_code(answer)
        ref = confirmed["Location"].split("/")[-3]
        page = client.get(confirmed["Location"]).content.decode().replace(ref, "REF")
        number = Inquiry.objects.latest("pk").number
        (mail,) = Message.objects.filter(template="inquiries/emails/received", context__number=number)
        pages.append((page.replace(number, "N"), {**mail.context, "number": "N"}))

    assert pages[0] == pages[1]
    assert "they are hidden now" in pages[0][0], "what happened, whether or not somebody was found"
    assert [case.hidden_until is None for case in ChildCase.objects.order_by("pk")] == [False, True]


def test_the_page_of_a_business_leads_to_its_person_in_charge(report, type_code, child):
    page = f"http://localhost/ja/partners/{child.acting_for.listing.ref}/"

    type_code(report(child_email="", place=page))

    assert not is_shown(child)


@pytest.mark.req("R112", "R113")
def test_a_name_of_a_business_alone_hides_nobody_and_alerts_staff(report, type_code, child, make_staff):
    officer = make_staff(StaffRole.OFFICER)

    type_code(report(child_email="", place=child.acting_for.business_name))

    assert is_shown(child)
    assert messages_to(officer.email) == ["staff_child_reported"]


@pytest.mark.req("R113")
def test_a_person_in_charge_without_a_log_in_is_found(report, type_code):
    operator = OperatorFactory(contact_email="child@home.example")

    type_code(report())

    assert ChildCase.objects.get().subject == operator.contact


def test_nobody_hides_the_staff(report, type_code):
    UserFactory(email="child@home.example", is_staff=True)

    type_code(report())

    assert ChildCase.objects.get().subject is None


def test_a_second_report_about_the_same_person_hides_nothing_more(client, report, type_code, child, make_staff):
    officer = make_staff(StaffRole.OFFICER)
    type_code(report())
    decide(client, ChildCase.objects.get(), "clear", officer)
    client.logout()

    type_code(report(email="somebody.else@home.example"))

    assert is_shown(child)
    assert ChildCase.objects.count() == 2
    assert messages_to(officer.email).count("staff_child_reported") == 2


@pytest.mark.req("R113")
@pytest.mark.parametrize("first_is_confirmed", [True, False])
def test_clearing_one_report_leaves_hidden_what_another_hides(
    client, report, type_code, child, make_staff, first_is_confirmed
):
    officer = make_staff(StaffRole.OFFICER)
    type_code(report())
    type_code(report(email="somebody.else@home.example"))
    second, first = ChildCase.objects.all()
    if first_is_confirmed:
        decide(client, first, "confirm", officer)

    decide(client, second, "clear", officer)

    assert not is_shown(child)
    decide(client, first, "clear", officer)
    assert is_shown(child)


def test_a_report_sent_twice_is_one(report, type_code, child):
    key = uuid.uuid4()
    answers = [report(form_key=key) for _click in range(2)]
    code = last_code()
    for answer in answers:
        type_code(answer, code)

    assert ChildCase.objects.count() == Entry.objects.count() == 1


def test_a_robot_reports_nobody(report):
    assert report(subject="Best prices").status_code == 302
    assert not Unconfirmed.objects.exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"child_email": ""}, "Enter the email address of the child, or where you saw the data."),
        ({"child_email": "x" * 100_000}, "right format"),
        ({"relation": ""}, "Choose who you are."),
        ({"email": ""}, "Enter your email address"),
        ({"message": "x" * 100_000}, "4000 characters or fewer"),
    ],
)
def test_bad_input_is_answered_in_words(report, changes, problem):
    answer = report(**changes)

    assert answer.status_code == 200
    assert problem in answer.content.decode()
    assert not Unconfirmed.objects.exists()


def test_a_guardian_with_a_log_in_needs_no_code(client, report, child):
    client.force_login(make_member())

    report()

    assert not is_shown(child)


@pytest.mark.req("R113")
def test_the_officer_who_found_out_who_it_is_has_them_hidden(client, report, type_code, child, make_staff):
    type_code(report(child_email="", place="The inn by the station"))
    officer = make_staff(StaffRole.OFFICER)

    unknown = decide(client, ChildCase.objects.get(), "confirm", officer, address="nobody@home.example")
    assert "Nobody here has this address." in unknown.content.decode()
    assert is_shown(child)

    decide(client, ChildCase.objects.get(), "confirm", officer, address="child@home.example")
    assert not is_shown(child)


@pytest.mark.req("R113")
def test_the_other_side_reads_the_listing_without_the_child(client, report, type_code, child):
    operator = child.acting_for
    Operator.objects.filter(pk=operator.pk).update(shown_contact=["contact_name"])
    reader, page = make_member(overseas=True), reverse("directory:listing-detail", args=[operator.listing.ref])

    def shown():
        client.force_login(reader)
        answer = client.get(page)
        client.logout()
        return answer.status_code, operator.people.contact_name in answer.content.decode()

    assert shown() == (200, True)
    type_code(report())
    assert shown() == (200, False)


@pytest.mark.req("L11")
def test_what_a_child_agrees_to_counts_for_nothing_once_a_parent_has_spoken(client, report, type_code, child):
    consent.give(child.subject, Purpose.NEWSLETTER, "newsletter")
    assert gate.permitting(Purpose.NEWSLETTER, topic="newsletter").filter(pk=child.subject.pk).exists()

    type_code(report())
    client.force_login(child)
    for name in ("consent-withdraw", "consent-give"):
        client.post(reverse(f"privacy:{name}"), {"purpose": Purpose.NEWSLETTER, "topic": "newsletter"})
    consent.give(child.subject, Purpose.NEWSLETTER, "email-magazine")

    for topic in ("newsletter", "email-magazine"):
        assert not gate.permitting(Purpose.NEWSLETTER, topic=topic).filter(pk=child.subject.pk).exists()
