"""Who acts for an operator: invitations, requests to join, roles, leaving. An operator never loses its last owner."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from privacy import audit
from privacy.acting import PORTAL, acting_as

from .. import emails
from ..models import Invitation, JoinRequest, Membership, Operator, Role, User
from ..normalise import domain_of, is_shared


class LastOwner(Exception):
    """The act would leave the operator without an owner."""


class WrongCode(Exception):
    """The typed code is wrong, used, or no longer valid."""


class OtherSide(Exception):
    """A person acts on one side only (C13)."""


class IsStaff(Exception):
    """Who decides about operators acts for none (see `services.staff.create_staff`)."""


@transaction.atomic
def invite(operator, *, by, role, email="", ref=None):
    """Ask a colleague to join. Returns the invitation and its code, which is mailed when there is an address.

    `ref` names the invitation beforehand: asked twice with it (a double click), there is one, and no second code.
    """
    Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    with acting_as(duty=PORTAL):
        made = ref and Invitation.objects.filter(ref=ref).first()
    if made and made.operator_id == operator.pk:
        return made, None
    if made:
        ref = None  # Of another operator's page, so not sent twice.
    invitation = Invitation(operator=operator, email=email, role=role, invited_by=by, **({"ref": ref} if ref else {}))
    code = invitation.set_new_code()
    invitation.save()
    audit.record(by, "colleague invited", operator, role=role)
    if email:
        emails.invitation(invitation, code)
    return invitation, code


@transaction.atomic
def withdraw_invitation(invitation, *, by):
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record(by, "invitation withdrawn", invitation.operator)


@acting_as(duty=PORTAL)
def accept_invitation(code, *, by):
    """Join the operator whose invitation has this `code`; one with an address only from that address.

    Raises `WrongCode`, also for a code that no longer holds (`InvitationQuerySet.open`), `OtherSide` and `IsStaff`.
    """
    candidates = Invitation.objects.open().filter(email__in=["", by.email])
    invitation = next((candidate for candidate in candidates if candidate.is_usable and candidate.matches(code)), None)
    if invitation is None:
        _count_attempt(by)
        raise WrongCode
    with transaction.atomic():
        invitation = Invitation.objects.open().select_for_update(of=["self"]).filter(pk=invitation.pk).first()
        if invitation is None:
            raise WrongCode
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        return _join(invitation.operator, by, invitation.role)


def _count_attempt(person):
    """A wrong code costs one try of every invitation to that person's address."""
    Invitation.objects.filter(email=person.email, accepted_at=None).update(attempts=F("attempts") + 1)


def _join(operator, person, role):
    person = User.objects.select_for_update(of=["self"]).get(pk=person.pk)
    if person.is_staff:
        raise IsStaff
    if person.side and person.side != operator.side:
        raise OtherSide
    person.side, person.acting_for = operator.side, operator
    person.save(update_fields=["side", "acting_for"])
    membership, _created = Membership.objects.get_or_create(
        user=person, operator=operator, defaults={"side": operator.side, "role": role}
    )
    audit.record(person, "joined operator", operator, role=membership.role)
    return membership


@acting_as(duty=PORTAL)
def operators_named_by(person, *, licence=None):
    """The operators that `person` may say they belong to: approved ones of their side that they are not in yet.

    `licence` is (kind, number as stored). Without it the domain of their own address decides, unless strangers share
    it.
    """
    candidates = Operator.objects.filter(approved_at__isnull=False).exclude(memberships__user=person)
    if person.side:
        candidates = candidates.filter(side=person.side)
    if licence:
        kind, number = licence
        return list(candidates.filter(licences__contains=[{"kind": kind, "number": number}]))
    domain = domain_of(person.email)
    if not domain or is_shared(domain):
        return []
    candidates = candidates.filter(Q(homepage__icontains=domain) | Q(people__contact_email__iendswith=domain))
    return [
        operator
        for operator in candidates.select_related("people")
        if domain in (domain_of(operator.homepage), domain_of(operator.values["contact_email"]))
    ]


@transaction.atomic
def ask_to_join(operator, *, by):
    """Put the question to the owners. The same whether or not it was asked before."""
    request, created = JoinRequest.objects.get_or_create(user=by, operator=operator, answered_at=None)
    if created:
        audit.record(by, "asked to join", operator)
        emails.join_requested(request)
    return request


@transaction.atomic
def answer_join_request(request, *, by, accepted, role=Role.EDITOR):
    """An owner says yes (with a role) or no; asked twice, the first answer stays."""
    request = JoinRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if request.answered_at:
        return request
    request.answered_at, request.answered_by, request.accepted = timezone.now(), by, accepted
    request.save()
    if accepted:
        _join(request.operator, request.user, role)
    audit.record(by, "join request answered", request.operator, accepted=accepted)
    emails.join_answered(request)
    return request


@transaction.atomic
def change_role(membership, *, by, role):
    """Raises `LastOwner` if the operator would be left without one."""
    membership = _locked(membership)
    if membership.role == Role.OWNER and role != Role.OWNER:
        _needs_another_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record(by, "role changed", membership.operator, role=role)
    return membership


@transaction.atomic
def remove_member(membership, *, by):
    """End a membership, one's own or another's. Raises `LastOwner` if the operator would be left without one."""
    membership = _locked(membership)
    if membership.role == Role.OWNER:
        _needs_another_owner(membership)
    person, operator = membership.user, membership.operator
    membership.delete()
    # Nobody reaches who has left: their contact data is hidden, and the owners are written to instead.
    Operator.objects.filter(pk=operator.pk, contact=person.subject).update(contact=None)
    if person.acting_for_id == operator.pk:
        person.acting_for = Operator.objects.of(person).first()
        person.save(update_fields=["acting_for"])
    audit.record(by, "member removed", operator)


@transaction.atomic
def transfer_ownership(operator, *, by, to):
    """`by`, an owner, makes the member `to` an owner and becomes an editor."""
    _locked(to)
    change_role(to, by=by, role=Role.OWNER)
    change_role(operator.memberships.get(user=by), by=by, role=Role.EDITOR)
    emails.ownership_transferred(operator, by, to)


@transaction.atomic
def switch_operator(person, operator):
    """From now on `person` acts for `operator`, of which they are a member."""
    # As `_locked`: who is removed at the same moment must not act on.
    Operator.objects.select_for_update(of=["self"]).get(pk=operator.pk)
    person.acting_for = Operator.objects.of(person).get(pk=operator.pk)
    person.save(update_fields=["acting_for"])


def _locked(membership):
    # The operator's row is the lock: two owners who leave at once must see each other.
    Operator.objects.select_for_update(of=["self"]).get(pk=membership.operator_id)
    return Membership.objects.select_related("user", "operator").get(pk=membership.pk)


def _needs_another_owner(membership):
    others = membership.operator.memberships.owners().exclude(pk=membership.pk)
    # Who was deactivated cannot look after anything.
    if not others.filter(user__is_active=True).exists():
        raise LastOwner
