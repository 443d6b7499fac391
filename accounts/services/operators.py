"""What staff do with an operator after its approval."""

from django.contrib.sessions.models import Session
from django.db import transaction

from privacy import audit

from .. import emails
from ..models import Operator, User
from ..operator_changed import operator_changed


@transaction.atomic
def suspend(operator, *, by, reason):
    """Take the operator out of the cross-view, both ways, at once. Its data stay."""
    return _set_status(operator, Operator.Status.SUSPENDED, by=by, reason=reason)


@transaction.atomic
def reinstate(operator, *, by, reason):
    """Back into the cross-view; without an owner as "contact needed"."""
    has_owner = operator.memberships.owners().filter(user__is_active=True).exists()
    status = Operator.Status.ACTIVE if has_owner else Operator.Status.CONTACT_NEEDED
    return _set_status(operator, status, by=by, reason=reason)


@transaction.atomic
def deactivate(person, *, by, reason):
    """End the person's access at once. Operators that lose their last owner become "contact needed" (never ownerless)."""
    person = User.objects.select_for_update(of=["self"]).get(pk=person.pk)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    audit.record(by, "person deactivated", person, reason=reason)
    for operator in Operator.objects.of(person).filter(status=Operator.Status.ACTIVE):
        if not operator.memberships.owners().filter(user__is_active=True).exists():
            _set_status(operator, Operator.Status.CONTACT_NEEDED, by=by, reason="the last owner was deactivated")


def end_sessions(person):
    """Log the person out everywhere."""
    keys = list(person.usersession_set.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    person.usersession_set.all().delete()


def _set_status(operator, status, *, by, reason):
    operator = Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    if operator.status == status:
        return operator
    operator.status = status
    operator.save(update_fields=["status"])
    operator.refresh_from_db()
    audit.record(by, f"operator {status.value}", operator, reason=reason)
    operator_changed(operator)
    emails.operator_status(operator)
    return operator
