"""What is past its time goes, once the officer signed the time; what anything alive needs stays (R110)."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import AddressProof, DomesticRegistration, Operator, OperatorPeople
from accounts.services import operators
from directory.models import ListingDraft
from networking.models import Introduction
from outbox.models import Message
from privacy import consent, declarations, erasure, expiry, requests
from privacy.declarations import declaration_of
from privacy.expiry import rules, runs
from privacy.expiry.checks import every_time_is_kept, faults_of
from privacy.models import (
    AuditEvent,
    Erasure,
    LegalHold,
    ProcessingRecord,
    Request,
    RequestEvent,
    RetentionRule,
    SealedPaper,
    Subject,
)
from privacy.retention import RULES, Retention
from tests.factories import (
    DomesticRegistrationFactory,
    ListingDraftFactory,
    OperatorFactory,
    SubjectFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


@pytest.fixture
def signed(officer):
    """Every time is in force."""
    for row in RetentionRule.objects.all():
        expiry.sign(row, by=officer)


def result_of(run, model, kind):
    return run.results.get(model=model, kind=kind)


def draft(age, **values):
    registration = DomesticRegistrationFactory(operator=OperatorFactory(approved_at=None, contact=None), **values)
    DomesticRegistration.objects.filter(pk=registration.pk).update(updated_at=timezone.now() - age)
    Operator.objects.filter(pk=registration.operator_id).update(created_at=timezone.now() - age)
    return registration


def introduction(age, **values):
    one = Introduction.objects.create(
        sender=OperatorFactory(),
        recipient=OperatorFactory(),
        sent_by=UserFactory(),
        text="-",
        form_key=uuid4(),
        **values,
    )
    Introduction.objects.filter(pk=one.pk).update(sent_at=timezone.now() - age)
    return one


@pytest.mark.req("R110")
def test_every_kind_of_data_with_a_time_has_something_that_ends_it():
    assert every_time_is_kept(None) == []


@pytest.mark.req("R110")
def test_a_time_that_nothing_keeps_is_found():
    given = declaration_of(Introduction)

    assert list(faults_of(given, known=set())) == [
        "networking.Introduction: nothing ends its rows of the kind conversation"
    ]


@pytest.mark.req("R110")
def test_every_rule_stands_in_the_database_as_in_the_code_and_unsigned():
    rows = {row.kind: row for row in RetentionRule.objects.all()}

    assert rows.keys() == {*Retention}
    assert all(rows[kind].says(rule) and rows[kind].signed_at is None for kind, rule in RULES.items())


@pytest.mark.req("R110")
def test_nothing_is_deleted_before_the_officer_signs(officer):
    begun = draft(400 * DAY)

    run = expiry.run(dry_run=False)

    assert result_of(run, "accounts.DomesticRegistration", "draft").outcome == "unsigned"
    assert DomesticRegistration.objects.filter(pk=begun.pk).exists()

    expiry.sign(RetentionRule.objects.get(kind="draft"), by=officer)
    run = expiry.run(dry_run=False)

    result = result_of(run, "accounts.DomesticRegistration", "draft")
    assert (result.outcome, result.due, result.done) == ("done", 1, 1)
    assert not DomesticRegistration.objects.filter(pk=begun.pk).exists()
    # Nothing is left of a business that never applied.
    assert not Operator.objects.filter(pk=begun.operator_id).exists()
    assert AuditEvent.objects.filter(act="time of keeping signed", by=officer).exists()


@pytest.mark.req("R110")
def test_a_rule_that_changed_is_unsigned_again(signed):
    RetentionRule.objects.filter(kind="draft").update(period=timedelta(days=2))
    begun = draft(400 * DAY)
    assert Retention.DRAFT not in rules.in_force()

    expiry.run(dry_run=False)
    assert DomesticRegistration.objects.filter(pk=begun.pk).exists()

    rules.bring_up_to_date()
    row = RetentionRule.objects.get(kind="draft")
    assert row.says(RULES[Retention.DRAFT])
    assert row.signed_at is None
    assert RetentionRule.objects.exclude(signed_at=None).count() == len(Retention) - 1


def test_taken_out_of_force_a_time_deletes_nothing(signed, officer):
    old = introduction(1200 * DAY)

    expiry.take_back(RetentionRule.objects.get(kind="conversation"), by=officer)
    expiry.run(dry_run=False)

    assert Introduction.objects.filter(pk=old.pk).exists()


@pytest.mark.req("R110")
def test_a_dry_run_counts_and_leaves_its_evidence(signed):
    old = introduction(1200 * DAY)

    run = expiry.run(dry_run=True)

    result = result_of(run, "networking.Introduction", "conversation")
    assert (result.outcome, result.due, result.done) == ("counted", 1, 0)
    assert run.is_dry
    assert run.ended_at
    assert Introduction.objects.filter(pk=old.pk).exists()


@pytest.mark.req("R110")
def test_a_day_too_young_stays(signed):
    introduction(1094 * DAY)
    introduction(1096 * DAY)

    expiry.run(dry_run=False)

    assert Introduction.objects.count() == 1


def test_what_staff_look_into_stays(signed):
    open_report = introduction(1200 * DAY, reported_at=timezone.now())
    introduction(1200 * DAY, reported_at=timezone.now(), settled_at=timezone.now())

    expiry.run(dry_run=False)

    assert list(Introduction.objects.all()) == [open_report]


def closed():
    """A registered business that has just closed, with its people and its application."""
    operator = make_member().acting_for
    registration = DomesticRegistrationFactory(
        operator=operator, status="approved", reference="T-1", submitted_at=timezone.now(), due_on=timezone.localdate()
    )
    return operators.close(operator, by=None, reason="gave up"), registration


@pytest.mark.req("R110")
def test_of_a_business_that_left_first_its_people_go_then_its_application_then_the_rest(signed, time_machine):
    operator, registration = closed()
    letter = introduction(timedelta())
    Introduction.objects.filter(pk=letter.pk).update(sender=operator)
    draft_of_listing = ListingDraftFactory(operator=operator)
    began = timezone.now()

    def left_after(days):
        time_machine.move_to(began + days * DAY)
        for _night in range(2):
            expiry.run(dry_run=False)
        return (
            OperatorPeople.objects.filter(operator=operator.pk).exists(),
            DomesticRegistration.objects.filter(pk=registration.pk).exists(),
            Operator.objects.filter(pk=operator.pk).exists(),
        )

    assert left_after(29) == (True, True, True)
    assert ListingDraft.objects.filter(pk=draft_of_listing.pk).exists()
    assert left_after(31) == (False, True, True)
    assert not ListingDraft.objects.filter(pk=draft_of_listing.pk).exists()
    assert left_after(366) == (False, False, True), "an introduction is kept for its own time"
    assert left_after(1100) == (False, False, False)


def test_a_proved_address_stays_while_somebody_is_named_by_it(signed):
    operator = make_member().acting_for
    long_ago = timezone.now() - 40 * DAY
    used = AddressProof.objects.create(operator=operator, email=operator.people.contact_email, expires_at=long_ago)
    AddressProof.objects.create(operator=operator, email="nobody@example.com", expires_at=long_ago)

    expiry.run(dry_run=False)

    assert list(AddressProof.objects.all()) == [used]


# ---- holds ----


@pytest.mark.req("R110")
@pytest.mark.parametrize("by_kind", [True, False])
def test_a_legal_hold_keeps_what_its_time_would_delete_until_its_last_day(signed, officer, time_machine, by_kind):
    held, other = introduction(1200 * DAY), introduction(1200 * DAY)
    what = {"kind": "conversation"} if by_kind else {"subject": held.sent_by.subject}
    LegalHold.objects.create(reason="Case 7", ends_on=timezone.localdate(), placed_by=officer, **what)

    run = expiry.run(dry_run=False)

    assert set(Introduction.objects.all()) == ({held, other} if by_kind else {held})
    assert result_of(run, "networking.Introduction", "conversation").held == (2 if by_kind else 1)

    time_machine.move_to(timezone.now() + DAY)
    expiry.run(dry_run=False)
    assert not Introduction.objects.exists()


@pytest.mark.req("R096", "R110")
def test_what_somebody_restricted_stays(signed):
    held, other = introduction(1200 * DAY), introduction(1200 * DAY)
    consent.restrict(held.sent_by.subject)

    expiry.run(dry_run=False)

    assert list(Introduction.objects.all()) == [held]
    assert other != held


# ---- the cap ----


def many(count):
    """So many introductions whose time is over."""
    values = {"sender": OperatorFactory(), "recipient": OperatorFactory(), "sent_by": UserFactory(), "text": "-"}
    Introduction.objects.bulk_create(Introduction(form_key=uuid4(), **values) for _number in range(count))
    Introduction.objects.update(sent_at=timezone.now() - 1200 * DAY)


@pytest.mark.req("R110")
@pytest.mark.parametrize(
    ("due", "rows", "stops"),
    [
        (20, 20, False),
        (21, 21, True),
        (21, 2100, False),
        (22, 2100, True),
        (1000, 100_000, False),
        (1001, 100_000, True),
    ],
)
def test_more_than_a_hundredth_and_more_than_twenty_rows_are_too_much(due, rows, stops):
    assert runs.is_too_much(due, rows) == stops


@pytest.mark.req("R110")
def test_a_run_that_would_touch_too_much_stops_and_asks_once(signed, officer):
    many(21)

    stopped = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")
    assert (stopped.outcome, stopped.due, stopped.done) == ("stopped", 21, 0)
    assert Introduction.objects.count() == 21

    expiry.release(stopped, by=officer)
    done = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")
    assert (done.outcome, done.done, done.releases) == ("done", 21, stopped)

    many(21)
    again = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")
    assert again.outcome == "stopped", "a release serves once"


def test_a_release_is_for_what_was_counted(signed, officer):
    many(21)
    stopped = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")
    expiry.release(stopped, by=officer)
    many(1)  # Due as well, and counted by nobody.

    result = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")

    assert (result.outcome, result.due) == ("stopped", 22)


@pytest.mark.req("R110")
def test_what_came_due_after_the_count_waits_for_its_own_turn(signed, officer, time_machine):
    many(21)
    soon = introduction(1095 * DAY - timedelta(hours=1))
    stopped = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")
    expiry.release(stopped, by=officer)

    time_machine.move_to(timezone.now() + DAY)
    result = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")

    assert (result.outcome, result.done) == ("done", 21)
    assert list(Introduction.objects.all()) == [soon]


def test_only_the_newest_count_can_be_released(signed, officer):
    many(21)
    first = result_of(expiry.run(dry_run=False), "networking.Introduction", "conversation")
    expiry.run(dry_run=False)

    with pytest.raises(ValidationError, match="A later run"):
        expiry.release(first, by=officer)


# ---- what has an end of its own ----


def recorded(model, days):
    """The key of a row that is so many days old; written as no service does, for they all write the present."""
    insert = {
        AuditEvent: "INSERT INTO privacy_auditevent (at, act, target, details) VALUES (%s, 'looked', '-', '{}')",
        ProcessingRecord: "INSERT INTO privacy_processingrecord"
        " (at, purpose, topic, recipient, surface, subjects, fields, versions)"
        " VALUES (%s, 'rights', '', '', '-', 1, '{}', '{}')",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{insert[model]} RETURNING id", [timezone.now() - days * DAY])
        return cursor.fetchone()[0]


@pytest.mark.req("R110", "R151")
@pytest.mark.parametrize("model", [AuditEvent, ProcessingRecord])
def test_records_go_after_five_years_and_not_a_day_sooner(signed, model):
    old, young = recorded(model, 1826), recorded(model, 1824)

    expiry.run(dry_run=False)

    assert set(model.objects.filter(pk__in=[old, young]).values_list("pk", flat=True)) == {young}


@pytest.mark.req("R151")
@pytest.mark.parametrize("model", [AuditEvent, ProcessingRecord])
def test_the_function_refuses_what_is_young(model):
    young = recorded(model, 1824)

    with pytest.raises(DatabaseError, match="kept for five years"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {model._meta.db_table}_forget(%s)", [[young]])


def answered(days):
    """A request that was answered so many days ago, with its steps."""
    then = timezone.now() - days * DAY
    request = Request.objects.create(
        subject=SubjectFactory(), kind="access", regimes=["appi"], channel="form", language="en", received_at=then
    )
    day = then.date()
    for step in ("received", "closed"):
        RequestEvent.objects.create(
            request=request, at=then, step=step, state=step, due_on=day, internal_on=day, governed_by="-"
        )
    return request


@pytest.mark.req("R110")
def test_a_request_goes_with_its_steps_three_years_after_its_answer(signed):
    old, young = answered(1096), answered(1094)
    waiting, _is_new = requests.receive(SubjectFactory(), "access", "", by=None)
    erased = Erasure.objects.create(
        subject=old.subject, request=old, reason="request", due_at=timezone.now(), done_at=timezone.now()
    )

    expiry.run(dry_run=False)

    assert set(Request.objects.all()) == {young, waiting}
    assert not RequestEvent.objects.filter(request=old.pk).exists()
    erased.refresh_from_db()
    assert erased.request is None, "the proof of the erasure stays"


@pytest.mark.req("R099", "R110")
def test_a_paper_is_emptied_a_month_after_the_answer_with_no_rule_signed(db):
    assert not RetentionRule.objects.exclude(signed_at=None).exists()
    papers = [
        SealedPaper.objects.create(request=answered(days), kind="identity", content=b"sealed", media_type="-", size=6)
        for days in (29, 31)
    ]

    expiry.run(dry_run=False)

    held, emptied = SealedPaper.objects.order_by("pk")
    assert [held, emptied] == papers
    assert (bytes(held.content), held.emptied_at) == (b"sealed", None)
    assert bytes(emptied.content) == b""
    assert emptied.emptied_at


@pytest.mark.req("R110")
def test_who_left_is_erased_once_nothing_they_gave_is_kept_for_its_own_time(signed):
    gone, asked, active = (SubjectFactory() for _ in range(3))
    requests.receive(asked, "access", "", by=None)
    Subject.objects.filter(pk__in=[gone.pk, asked.pk]).update(ended_at=timezone.now() - 31 * DAY)

    expiry.run(dry_run=False)

    assert [one.subject for one in Erasure.objects.all()] == [gone]
    assert active.erased_at is None


@pytest.mark.req("R110", "R094")
def test_who_left_is_told_a_week_before_the_erasure_and_nothing_is_deleted_until_then(signed, time_machine):
    gone = UserFactory().subject
    Subject.objects.filter(pk=gone.pk).update(ended_at=timezone.now() - 31 * DAY)

    expiry.run(dry_run=False)

    begun = gone.erasures.get()
    assert begun.due_at - begun.frozen_at == 7 * DAY
    notice = Message.objects.get(to_ref=gone.ref, template="privacy/emails/erasure_started")
    assert notice.context["due_at"] == begun.due_at.isoformat()
    assert erasure.run_due() == []

    time_machine.move_to(begun.due_at)
    assert [one.subject for one in erasure.run_due()] == [gone]


# ---- the command ----


def command(*options):
    output = StringIO()
    call_command("retention", *options, stdout=output)
    return output.getvalue()


@pytest.mark.req("R110")
def test_the_command_says_what_it_did(signed):
    introduction(1200 * DAY)

    assert "networking.Introduction (conversation): 1 of 1 due; only counted" in command("--dry-run")
    assert "networking.Introduction (conversation): 1 of 1 due; 1 ended" in command()


def test_the_command_fails_while_something_is_stopped(signed):
    many(21)

    with pytest.raises(CommandError, match="must look at what was stopped") as caught:
        command()
    assert caught.value.returncode == 2


def test_what_goes_wrong_with_one_table_stops_no_other(signed, caplog):
    introduction(timedelta())
    begun = draft(400 * DAY)
    divided = Introduction.objects.annotate(wrong=1 / (F("pk") - F("pk"))).filter(wrong=1)
    declarations.due_source(Introduction, Retention.MESSAGE)(lambda before: divided)
    try:
        run = expiry.run(dry_run=False)
    finally:
        declarations._expiries.pop()

    assert result_of(run, "networking.Introduction", "message").outcome == "failed"
    assert not DomesticRegistration.objects.filter(pk=begun.pk).exists()
    assert "retention failed kind=message of=networking.Introduction" in caplog.text
