"""What staff do with an operator after its approval, and with the people who act for it."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from privacy import audit

from .. import emails
from ..models import Membership, Operator, Role, User
from ..operator_changed import operator_changed

ACTS = {
    Operator.Status.ACTIVE: gettext_noop("operator active"),
    Operator.Status.SUSPENDED: gettext_noop("operator suspended"),
    Operator.Status.CONTACT_NEEDED: gettext_noop("operator needs a contact"),
    # From then on the times of keeping of a business that left count (`personal_data`).
    Operator.Status.CLOSED: gettext_noop("operator closed"),
}


@transaction.atomic
def suspend(operator, *, by, reason):
    """Take the operator out of the cross-view, both ways, at once. Its data stay."""
    return _set_status(operator, Operator.Status.SUSPENDED, by=by, reason=reason)


@transaction.atomic
def reinstate(operator, *, by, reason):
    """Back into the cross-view; without an owner as "contact needed"."""
    status = Operator.Status.ACTIVE if _has_owner(operator) else Operator.Status.CONTACT_NEEDED
    return _set_status(operator, status, by=by, reason=reason)


@transaction.atomic
def close(operator, *, by, reason):
    """End its registration, for good: it gave up, or asked for that. Its data go, each in its time (R110)."""
    return _set_status(operator, Operator.Status.CLOSED, by=by, reason=reason)


@transaction.atomic
def confirm_tokyo_office(operator, *, by, reason):
    """Staff have seen that an approved business has an office in Tokyo: it enters the cross-view (C13)."""
    operator = Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    if operator.has_tokyo_office and operator.tokyo_office_confirmed_at is None:
        operator.tokyo_office_confirmed_at = timezone.now()
        operator.save(update_fields=["tokyo_office_confirmed_at"])
        operator.refresh_from_db()
        audit.record(by, "tokyo office confirmed", operator, reason=reason)
        operator_changed(operator)
    return operator


@transaction.atomic
def name_owner(membership, *, by, reason):
    """Staff make a member an owner, for an operator that has lost its own."""
    membership = Membership.objects.select_for_update(of=["self"]).select_related("operator").get(pk=membership.pk)
    membership.role = Role.OWNER
    membership.save(update_fields=["role"])
    audit.record(by, "owner named by staff", membership.operator, reason=reason)
    if membership.operator.status == Operator.Status.CONTACT_NEEDED:
        reinstate(membership.operator, by=by, reason=reason)


@transaction.atomic
def deactivate(person, *, by, reason):
    """End the person's access at once. Operators that lose their last owner are "contact needed" (never ownerless)."""
    person = _set_active(person, False)
    end_sessions(person)
    audit.record(by, "person deactivated", person, reason=reason)
    Operator.objects.filter(contact=person.subject).update(contact=None)
    for operator in Operator.objects.of(person).filter(status=Operator.Status.ACTIVE):
        if not _has_owner(operator):
            _set_status(operator, Operator.Status.CONTACT_NEEDED, by=by, reason=reason)


@transaction.atomic
def reactivate(person, *, by, reason):
    """The person may log in again; operators that waited for an owner have one again."""
    person = _set_active(person, True)
    audit.record(by, "person reactivated", person, reason=reason)
    for operator in Operator.objects.of(person).filter(status=Operator.Status.CONTACT_NEEDED):
        if _has_owner(operator):
            _set_status(operator, Operator.Status.ACTIVE, by=by, reason=reason)


@transaction.atomic
def lose_person(operator, subject):
    """Somebody of the operator is erased: its person in charge, a member, or both. Their rows are gone already.

    Nobody reaches a person in charge any more: the owners are asked to name another, or staff to name an owner. A
    business that never was approved, and that nobody looks after now, goes with them.
    """
    operator = Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    if operator.approved_at is None and not operator.memberships.exists():
        operator.delete()
        return
    was_contact = operator.contact_id == subject.pk
    if was_contact:
        operator.contact = None
    is_ownerless = not _has_owner(operator)
    if operator.status == Operator.Status.ACTIVE and operator.approved_at and (was_contact or is_ownerless):
        operator.status = Operator.Status.CONTACT_NEEDED
        audit.record(None, ACTS[operator.status], operator, reason="person erased")
    operator.save(update_fields=["contact", "status"])
    operator.refresh_from_db()
    operator_changed(operator)
    if was_contact:
        emails.contact_needed(operator)
    if is_ownerless:
        emails.staff_owner_needed(operator)


def end_sessions(person):
    """Log the person out everywhere."""
    keys = list(person.usersession_set.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    person.usersession_set.all().delete()


def _has_owner(operator):
    return User.objects.owners_of(operator).exists()


def _set_active(person, is_active):
    person = User.objects.select_for_update(of=["self"]).get(pk=person.pk)
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    return person


def _set_status(operator, status, *, by, reason):
    operator = Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    if operator.status == status:
        return operator
    operator.status = status
    operator.save(update_fields=["status"])
    operator.refresh_from_db()
    audit.record(by, ACTS[status], operator, reason=reason)
    operator_changed(operator)
    emails.operator_status(operator)
    return operator
