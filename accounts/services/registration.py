"""From a first draft to the answer of the city's staff, for the first application and for every later change."""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from privacy import audit, consent, suppression
from privacy.acting import PORTAL, acting_as
from privacy.models import Subject

from .. import emails
from ..completeness import missing_fields
from ..fingerprint import fingerprint
from ..models import AddressProof, Decision, Membership, Operator, OperatorPeople, Role, User, registration_model
from ..models.business import PEOPLE_FIELDS
from ..operator_changed import operator_changed
from ..working_days import add_working_days
from .membership import IsStaff
from .people import is_proved

DECIDED = {
    Decision.Outcome.APPROVED: gettext_noop("registration approved"),
    Decision.Outcome.CHANGES_REQUESTED: gettext_noop("registration changes requested"),
    Decision.Outcome.DECLINED: gettext_noop("registration declined"),
}


class NotNow(Exception):
    """The registration is not in a state in which this can be done; it has moved on meanwhile."""


class Incomplete(Exception):
    """The registration lacks fields; `args[0]` names them."""


class Stale(Exception):
    """Somebody else has saved meanwhile; `args[0]` is the registration as it is now."""


class SideTaken(Exception):
    """The person already acts on the other side (C13)."""


@transaction.atomic
def start(user, side):
    """Begin to register a business of `side`, owned by `user`; an unsent first draft of theirs is taken up again.

    Raises `SideTaken` and `IsStaff`.
    """
    user = User.objects.select_for_update(of=["self"]).get(pk=user.pk)
    if user.is_staff:
        raise IsStaff
    if user.side and user.side != side:
        raise SideTaken
    model = registration_model(side)
    own_unsent = model.objects.of(user).filter(status=model.Status.DRAFT, operator__approved_at=None)
    if begun := own_unsent.filter(created_by=user).first():
        return begun
    operator = Operator.objects.create(side=side)
    user.side, user.acting_for = side, operator
    user.save(update_fields=["side", "acting_for"])
    Membership.objects.create(user=user, operator=operator, side=side, role=Role.OWNER)
    registration = model.objects.create(operator=operator, created_by=user)
    audit.record(user, "registration started", registration)
    return registration


@transaction.atomic
def propose_change(operator, *, by):
    """A registration that starts from the operator's live values; the one already open is taken up again.

    After a declined one it starts from what was declined, so that applying again needs no typing again.
    """
    operator = Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    model = registration_model(operator.side)
    if begun := model.objects.open().filter(operator=operator).first():
        return begun
    last = model.objects.filter(operator=operator).order_by("-pk").first()
    source = last if last and last.status == last.Status.DECLINED else operator
    registration = model.objects.create(operator=operator, created_by=by, **source.values)
    audit.record(by, "change proposed", registration)
    return registration


@transaction.atomic
def save_answers(registration, answers, *, by, names, seen):
    """Keep `answers` ({field name: value}), complete or not, and return the registration.

    They come from a form for the fields `names`, whose `fingerprint` was `seen` when it was shown. Raises `Stale` with
    the registration as it is now if somebody has saved other answers to them since, and `NotNow` if it has been sent.
    """
    registration = _locked(registration, *type(registration).EDITABLE)
    changed = {name: value for name, value in answers.items() if getattr(registration, name) != value}
    if not changed:
        return registration
    if seen != fingerprint(registration, names):
        raise Stale(registration)
    for name, value in changed.items():
        setattr(registration, name, value)
    registration.version += 1
    registration.save(update_fields=[*changed, "version"])
    audit.record(by, "registration answers saved", registration, fields=sorted(changed))
    return registration


@transaction.atomic
def submit(registration, *, by, version=None):
    """Hand the registration to staff. Returns it with its reference number and the day an answer is due.

    Raises `NotNow` if it was sent already, `Incomplete` with the missing field names, and `Stale` if it is no longer
    the `version` that was declared to be right.
    """
    registration = _locked(registration, *type(registration).EDITABLE)
    if version not in (None, registration.version):
        raise Stale(registration)
    if names := missing(registration):
        raise Incomplete(names)
    registration.status = registration.Status.SUBMITTED
    registration.submitted_at = timezone.now()
    registration.due_on = add_working_days(registration.submitted_at, settings.REVIEW_WORKING_DAYS)
    registration.reference = registration.reference or _next_reference(registration.submitted_at)
    registration.requested_changes = {}
    registration.version += 1
    registration.save()
    audit.record(by, "registration sent", registration)
    emails.application_received(registration, by)
    emails.staff_new_application(registration)
    return registration


@transaction.atomic
def start_review(registration, *, by):
    """A member of staff takes the registration on; the applicant sees that it is being checked."""
    registration = _locked(registration, registration.Status.SUBMITTED)
    registration.status = registration.Status.IN_REVIEW
    registration.reviewer = by
    registration.save(update_fields=["status", "reviewer"])
    audit.record(by, "review started", registration)
    return registration


@transaction.atomic
def approve(registration, *, by, tokyo_office_confirmed=False, licence_checked_source="", note=""):
    """Copy the proposed values to the operator. From now on it is in the cross-view if C13 lets it.

    `tokyo_office_confirmed`: staff saw proof of the office. `licence_checked_source`: the public register that the
    licence was compared with today, if it was.
    """
    registration = _under_review(registration)
    operator = registration.operator
    first = operator.approved_at is None
    live, approved = operator.values, registration.values
    is_same_contact = live["contact_email"] == approved["contact_email"]
    if not is_same_contact or live["contact_name"] != approved["contact_name"]:
        # What was chosen for one person says nothing for another.
        operator.shown_contact = [field for field in operator.shown_contact if not field.startswith("contact_")]
    representative = approved.get("representative_name")
    is_new_representative = bool(representative) and representative != live.get("representative_name")
    people = {name: approved.pop(name) for name in PEOPLE_FIELDS if name in approved}
    OperatorPeople.objects.update_or_create(operator=operator, defaults=people)
    for name, value in approved.items():
        setattr(operator, name, value)
    operator.business_name_key = registration.business_name_key
    operator.approved_at = operator.approved_at or timezone.now()
    if operator.side == "domestic":
        operator.tokyo_office_confirmed_at = (
            (operator.tokyo_office_confirmed_at or timezone.now())
            if tokyo_office_confirmed and operator.has_tokyo_office
            else None
        )
    if licence_checked_source:
        operator.licence_checked_on, operator.licence_checked_source = timezone.localdate(), licence_checked_source
    elif approved.get("licences") != live.get("licences"):
        operator.licence_checked_on, operator.licence_checked_source = None, ""
    if not (is_same_contact and operator.contact):
        _set_contact(operator, people["contact_email"], by=registration.created_by)
    if operator.status == Operator.Status.CONTACT_NEEDED and User.objects.owners_of(operator).exists():
        operator.status = Operator.Status.ACTIVE
    operator.save()
    _decide(registration, registration.Status.APPROVED, Decision.Outcome.APPROVED, by=by, note=note)
    operator.refresh_from_db()
    operator_changed(operator)
    emails.approved(registration, first=first, note=note, names_representative=is_new_representative)
    return registration


@transaction.atomic
def request_changes(registration, *, by, fields, note=""):
    """Give the registration back. `fields`: {field name: what staff ask about it}."""
    registration = _under_review(registration)
    registration.requested_changes = fields
    decision = _decide(
        registration,
        registration.Status.CHANGES_REQUESTED,
        Decision.Outcome.CHANGES_REQUESTED,
        by=by,
        fields=fields,
        note=note,
    )
    emails.changes_requested(registration, decision)
    return registration


@transaction.atomic
def decline(registration, *, by, reasons, note=""):
    """Say no, with `reasons` (codes of `accounts.reasons`). The applicant can apply again."""
    registration = _under_review(registration)
    decision = _decide(
        registration, registration.Status.DECLINED, Decision.Outcome.DECLINED, by=by, reasons=reasons, note=note
    )
    emails.declined(registration, decision)
    return registration


def _locked(registration, *states):
    locked = type(registration).objects.select_for_update(of=["self"]).get(pk=registration.pk)
    if locked.status not in states:
        raise NotNow
    return locked


def _under_review(registration):
    return _locked(registration, registration.Status.SUBMITTED, registration.Status.IN_REVIEW)


def _decide(registration, status, outcome, *, by, reasons=(), fields=None, note=""):
    registration.status = status
    registration.reviewer = by
    registration.version += 1
    registration.save()
    decision = Decision.objects.create(
        operator=registration.operator,
        reference=registration.reference,
        outcome=outcome,
        by=by,
        reasons=list(reasons),
        fields=fields or {},
        note=note,
    )
    audit.record(by, DECIDED[outcome], registration)
    return decision


@acting_as(duty=PORTAL)
def _set_contact(operator, email, *, by):
    """The person in charge is the account holder with that address, or a data subject of their own. Whoever is named by
    somebody else is told so, once (C12)."""
    holder = operator.memberships.filter(user__email=email).select_related("user__subject").first()
    if holder and holder.user == by:
        operator.contact = by.subject
        return
    address, _created = AddressProof.objects.get_or_create(
        operator=operator, email=email, defaults={"expires_at": timezone.now()}
    )
    language = by.language if by else "en"
    operator.contact = holder.user.subject if holder else address.told or _new_subject(email, language)
    if operator.contact != address.told:
        address.told = operator.contact
        address.save(update_fields=["told"])
        emails.named_as_contact(operator)


def _new_subject(email, language):
    subject = Subject.objects.create(language=language)
    consent.inform(subject, actor="portal")
    suppression.carry_over(subject, email)
    return subject


def missing(registration):
    """Names of the fields without which staff cannot decide."""
    names = missing_fields(registration)
    if "contact_email" not in names and not is_proved(registration.operator, registration.contact_email):
        names.append("contact_email")
    return names


def _next_reference(moment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registration_reference')")
        return f"TB-{timezone.localtime(moment).year}-{cursor.fetchone()[0]:06d}"
