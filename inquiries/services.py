"""From what somebody sends in to the answer, and the immediate protection of a child's data."""

import json
import re
import uuid
from datetime import datetime, time, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Operator, User
from accounts.working_days import TOKYO, add_working_days
from privacy import audit, consent, erasure
from privacy.acting import PORTAL, acting_as
from privacy.models import ErasureReason, Subject

from . import emails
from .models import ANSWERED_WITHIN, ChildCase, Entry, Inquiry, Unconfirmed

UNCONFIRMED_KEPT = timedelta(hours=24)
# The random part of the address of a listing's page.
PAGE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class WrongCode(Exception):
    """The typed code is wrong, used, or no longer valid."""


class NotNow(Exception):
    """The inquiry or the case has moved on meanwhile."""


# ---- sending in ----


def key_of(form_key, letter):
    """One form sent twice is one letter; sent again with corrected words it is another."""
    return uuid.uuid5(form_key, json.dumps(letter, sort_keys=True))


@acting_as(duty=PORTAL)
def sent_before(**key):
    """The `Unconfirmed` or the `Entry` with this `form_key` or `ref`, or None."""
    sent = Entry.objects.select_related("inquiry__child_case").filter(is_answer=False, **key)
    return Unconfirmed.objects.filter(**key).first() or sent.first()


@acting_as(duty=PORTAL)
def send(letter, *, key, language, person=None):
    """Put the letter into the staff's queue and acknowledge it. Returns its `Entry`; sent twice, there is one.

    `letter`: kind, name, email, message, number (of an earlier inquiry, "" for a new one); of a guardian also relation,
    child_email and place. `person`: whose log-in it was sent with.
    """
    try:
        with transaction.atomic():
            return _receive(letter, key=key, ref=uuid.uuid4(), language=language, person=person)
    except IntegrityError:
        return Entry.objects.get(form_key=key)


@acting_as(duty=PORTAL)
def send_with_code(letter, *, key, language):
    """Keep the letter back until its code is typed, which is mailed to its address. Returns the `Unconfirmed`."""
    try:
        with transaction.atomic():
            unconfirmed = Unconfirmed(form_key=key, email=letter["email"], language=language, letter=letter)
            _mail_code(unconfirmed)
    except IntegrityError:
        return Unconfirmed.objects.get(form_key=key)
    return unconfirmed


@acting_as(duty=PORTAL)
@transaction.atomic
def send_new_code(unconfirmed, *, email):
    """Mail a code to `email`, which may correct what was typed first. The codes before no longer work."""
    unconfirmed = Unconfirmed.objects.select_for_update().get(pk=unconfirmed.pk)
    unconfirmed.email = unconfirmed.letter["email"] = email
    _mail_code(unconfirmed)


def _mail_code(unconfirmed):
    code = unconfirmed.set_new_code()
    unconfirmed.save()
    emails.code(unconfirmed, code)


@acting_as(duty=PORTAL)
def confirm(unconfirmed, code):
    """The typed `code` shows that the address is read: the letter enters the queue. Returns its `Entry`.

    Raises `WrongCode`; each try is counted. A code works once: what it confirmed is no longer unconfirmed.
    """
    if not unconfirmed.is_usable or not unconfirmed.matches(code):
        Unconfirmed.objects.filter(pk=unconfirmed.pk).update(attempts=F("attempts") + 1)
        raise WrongCode
    with transaction.atomic():
        if not Unconfirmed.objects.select_for_update().filter(pk=unconfirmed.pk).exists():
            raise WrongCode
        entry = _receive(
            unconfirmed.letter,
            key=unconfirmed.form_key,
            ref=unconfirmed.ref,
            language=unconfirmed.language,
            is_address_confirmed=True,
        )
        unconfirmed.delete()
    return entry


@acting_as(duty=PORTAL)
@transaction.atomic
def delete_unconfirmed(*, dry_run=False):
    """Remove what was never confirmed within a day (R110). Returns how many."""
    stale = Unconfirmed.objects.filter(created_at__lt=timezone.now() - UNCONFIRMED_KEPT)
    return stale.count() if dry_run else stale.delete()[0]


def _receive(letter, *, key, ref, language, person=None, is_address_confirmed=False):
    is_theirs = is_address_confirmed or person is not None
    inquiry = _continued(letter, person) if is_theirs else None
    if inquiry is None:
        inquiry = _open(letter, language, person, is_address_confirmed=is_theirs)
    entry = Entry.objects.create(inquiry=inquiry, by=person, text=letter["message"], form_key=key, ref=ref)
    emails.received(inquiry)
    if letter.get("relation"):
        report_child(inquiry, letter)
    else:
        emails.staff_received(inquiry)
    return entry


def _open(letter, language, person, *, is_address_confirmed):
    inquiry = Inquiry.objects.create(
        number=next_number(),
        kind=letter["kind"],
        subject=person.subject if person else _subject_of(letter["email"], language),
        name=letter["name"],
        email=letter["email"],
        is_address_confirmed=is_address_confirmed,
        language=language,
        due_on=add_working_days(timezone.now(), ANSWERED_WITHIN[letter["kind"]]),
    )
    audit.record(person, "inquiry received", inquiry)
    return inquiry


def _continued(letter, person):
    """The inquiry whose number the letter gives, if it is the sender's: open again, with a new promise."""
    own = {"subject": person.subject} if person else {"email": letter["email"]}
    inquiry = Inquiry.objects.select_for_update(of=["self"]).filter(number=letter["number"], **own).first()
    if inquiry:
        inquiry.state = Inquiry.State.NEW
        inquiry.due_on = add_working_days(timezone.now(), ANSWERED_WITHIN[inquiry.kind])
        inquiry.save(update_fields=["state", "due_on"])
        _follow_relation(inquiry.subject)
        audit.record(person, "inquiry continued", inquiry)
    return inquiry


def _subject_of(email, language):
    """Who writes without a log-in: known by earlier inquiries from the same address, and by nothing else (C10)."""
    subject = Subject.objects.filter(user=None, inquiries__email=email).order_by("-pk").first()
    if subject is None:
        subject = Subject.objects.create(language=language)
    subject.language, subject.ended_at = language, None
    subject.save(update_fields=["language", "ended_at"])
    # The form said what happens to the data (R034); nothing else was asked, and nothing else is permitted.
    consent.inform(subject)
    return subject


def next_number():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('inquiry_number')")
        return f"Q-{timezone.localdate().year}-{cursor.fetchone()[0]:06d}"


# ---- answering ----


@transaction.atomic
def answer(inquiry, *, by, text, form_key, waits=False):
    """Mail `text` to the sender. `waits`: it asks the sender something. Sent twice, the first counts.

    Raises `NotNow` once the inquiry is closed.
    """
    inquiry = _locked(inquiry)
    if earlier := Entry.objects.filter(form_key=form_key).first():
        return earlier
    if inquiry.state == Inquiry.State.CLOSED:
        raise NotNow
    inquiry.state = Inquiry.State.WAITING if waits else Inquiry.State.ANSWERED
    inquiry.assigned_to = inquiry.assigned_to or by
    inquiry.save(update_fields=["state", "assigned_to"])
    entry = Entry.objects.create(inquiry=inquiry, is_answer=True, by=by, text=text, form_key=form_key)
    _follow_relation(inquiry.subject)
    audit.record(by, "inquiry answered", inquiry, waits=waits)
    emails.answered(inquiry, entry)
    return entry


@transaction.atomic
def close(inquiry, *, by):
    """Nothing is left to do. A new message with its number opens it again."""
    inquiry = _locked(inquiry)
    if inquiry.state != Inquiry.State.CLOSED:
        inquiry.state = Inquiry.State.CLOSED
        inquiry.save(update_fields=["state"])
        _follow_relation(inquiry.subject)
        audit.record(by, "inquiry closed", inquiry)


@transaction.atomic
def assign(inquiry, *, by, to):
    """`to`: the member of staff who looks after it from now on, or None."""
    inquiry = _locked(inquiry)
    if inquiry.assigned_to != to:
        inquiry.assigned_to = to
        inquiry.save(update_fields=["assigned_to"])
        audit.record(by, "inquiry assigned", inquiry, to=to and to.pk)


@transaction.atomic
def sort_as(inquiry, *, by, kind):
    """It is of another kind than the sender chose; the promised day is that of the new kind. Its handlers are told."""
    inquiry = _locked(inquiry)
    if inquiry.kind != kind:
        inquiry.kind, inquiry.assigned_to = kind, None
        inquiry.due_on = add_working_days(inquiry.received_at, ANSWERED_WITHIN[kind])
        inquiry.save(update_fields=["kind", "assigned_to", "due_on"])
        audit.record(by, "inquiry sorted", inquiry, kind=kind)
        emails.staff_received(inquiry)


def _locked(inquiry):
    return Inquiry.objects.select_for_update(of=["self"]).get(pk=inquiry.pk)


def _follow_relation(subject):
    """Who has only ever asked is kept for as long as `purposes.RULES` says after the last of it was settled."""
    if User.objects.filter(subject=subject).exists():
        return
    open_ones = subject.inquiries.open().exists()
    Subject.objects.filter(pk=subject.pk).update(ended_at=None if open_ones else timezone.now())


# ---- a child's data ----


def report_child(inquiry, letter):
    """Hide the contact data of the person concerned at once, if there is such a person, and alert staff (R112, R113).

    It lapses at the end of the next working day unless an officer confirms it. A report hides each person once: whoever
    reports them again only alerts staff, so that nobody is hidden for good by strangers. No listing is unpublished.
    """
    subject = concerned(letter["child_email"], letter["place"])
    hides = subject is not None and not ChildCase.objects.filter(subject=subject).exists()
    until = end_of_working_day(add_working_days(timezone.now(), 1)) if hides else None
    case = ChildCase.objects.create(
        inquiry=inquiry,
        relation=letter["relation"],
        child_email=letter["child_email"],
        place=letter["place"],
        subject=subject,
        hidden_until=until,
    )
    if hides:
        consent.report_child(subject, until=until, actor="guardian")
        audit.record(None, "child’s data hidden", case)
    else:
        audit.record(None, "child’s data reported", case)
    emails.staff_child_reported(case)
    return case


@transaction.atomic
def confirm_child(case, *, by, reason, address=""):
    """It is a child: the data stay hidden, and are deleted with the next run (R113); the guardian is told. `address` is
    that of the person concerned, where the report itself led to nobody."""
    case = _decide(case, ChildCase.Decision.CONFIRMED, by=by)
    if address and case.subject is None:
        case.subject = concerned(address)
        case.save(update_fields=["subject"])
    if case.subject:
        consent.confirm_child(case.subject, by=by)
        if case.subject.erased_at is None:
            erasure.start(case.subject, ErasureReason.CHILD, by=by)
            emails.child_confirmed(case)
    audit.record(by, "child’s data confirmed", case, reason=reason)


@transaction.atomic
def clear_child(case, *, by, reason):
    """It is no child, or nobody can show that it is: the data are shown, unless another report still hides them."""
    case = _decide(case, ChildCase.Decision.CLEARED, by=by)
    if case.subject:
        # One after the other: somebody may confirm another report about the same person at this moment.
        subject = Subject.objects.select_for_update().get(pk=case.subject_id)
        if not subject.child_cases.hiding(timezone.now()).exists():
            consent.clear_child(subject, by=by)
            # Confirmed by mistake, and not deleted yet.
            if begun := subject.erasures.under_way().filter(reason=ErasureReason.CHILD).first():
                erasure.call_off(begun, by=by)
    audit.record(by, "child’s data cleared", case, reason=reason)


def _decide(case, decision, *, by):
    case = ChildCase.objects.select_for_update(of=["self"]).select_related("subject").get(pk=case.pk)
    if case.decision == decision:
        raise NotNow
    case.decision, case.decided_at, case.decided_by = decision, timezone.now(), by
    case.save(update_fields=["decision", "decided_at", "decided_by"])
    return case


def concerned(address, place=""):
    """The person whom a report is about, locked, or None: by their address, or by the page of a business they answer
    for. Never a member of staff."""
    subjects = Subject.objects.select_for_update(of=["self"]).exclude(user__is_staff=True)
    for found in _by_address(address), _by_page(place):
        if found and (subject := subjects.filter(pk=found).first()):
            return subject
    return None


def _by_address(email):
    if not email:
        return None
    return (
        User.objects.filter(email=email).values_list("subject", flat=True).first()
        or Operator.objects.filter(people__contact_email=email, contact__isnull=False)
        .values_list("contact", flat=True)
        .first()
        or Inquiry.objects.filter(email=email).values_list("subject", flat=True).first()
    )


def _by_page(place):
    refs = PAGE.findall(place)
    return Operator.objects.filter(listing__ref__in=refs).values_list("contact", flat=True).first() if refs else None


def end_of_working_day(day):
    """The midnight that ends `day` in Tokyo, as a moment."""
    return datetime.combine(day + timedelta(days=1), time.min, TOKYO)
