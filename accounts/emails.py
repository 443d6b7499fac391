"""Every message of `accounts`: to whom, for which purpose, with what."""

from django.utils import timezone

import outbox
from privacy.purposes import Purpose

from .display import name_of
from .models import User

STAFF_REMINDER = "accounts/emails/staff_reminder"


def application_received(registration, person):
    _post(person.subject, Purpose.REGISTRATION, "application_received", registration=registration)


def approved(registration, *, first, note, names_representative):
    """`names_representative`: a person who has given no address is named for the first time; the owners pass on to them
    what others read in `named_as_contact` (C12)."""
    template = "approved" if first else "change_approved"
    for person in _owners(registration.operator):
        _post(
            person.subject,
            Purpose.REGISTRATION,
            template,
            registration=registration,
            note=note,
            names_representative=names_representative,
        )


def changes_requested(registration, decision):
    for person in _owners(registration.operator):
        _post(
            person.subject,
            Purpose.REGISTRATION,
            "changes_requested",
            registration=registration,
            fields=decision.fields,
            note=decision.note,
        )


def declined(registration, decision):
    for person in _owners(registration.operator):
        _post(
            person.subject,
            Purpose.REGISTRATION,
            "declined",
            registration=registration,
            reasons=decision.reasons,
            note=decision.note,
        )


def staff_new_application(registration):
    for person in User.objects.reviewers().select_related("subject"):
        _post(person.subject, Purpose.ADMINISTRATION, "staff_new_application", registration=registration)


def staff_reminder(person, *, overdue, stuck):
    outbox.post(person.subject, Purpose.ADMINISTRATION, STAFF_REMINDER, overdue=overdue, stuck=stuck)


def second_factor_reset(person):
    outbox.post(person.subject, Purpose.ACCOUNT, "accounts/emails/staff_second_factor_reset", timestamp=timezone.now())


def invitation(invitation, code):
    """Names the business once staff have approved it: before, anybody could have us carry their words to strangers."""
    outbox.post(
        outbox.Address(invitation.email, invitation.invited_by.language),
        Purpose.ACCOUNT,
        "accounts/emails/invitation",
        expires=invitation.expires_at,
        code=code,
        operator=invitation.operator.business_name,
    )


def address_code(proof, code, by):
    """Names the business as `invitation` does."""
    outbox.post(
        outbox.Address(proof.email, by.language),
        Purpose.REGISTRATION,
        "accounts/emails/address_code",
        expires=proof.expires_at,
        code=code,
        operator=proof.operator.business_name,
    )


def named_as_contact(operator):
    """C12: who is named by somebody else learns the source, the purposes and their rights."""
    outbox.post(
        operator.contact, Purpose.SERVICE_NOTICES, "accounts/emails/named_as_contact", operator=operator.business_name
    )


def join_requested(request):
    for person in _owners(request.operator):
        outbox.post(
            person.subject,
            Purpose.ACCOUNT,
            "accounts/emails/join_requested",
            email=request.user.email,
            operator=str(request.operator.ref),
        )


def join_answered(request):
    outbox.post(request.user.subject, Purpose.ACCOUNT, "accounts/emails/join_answered", accepted=request.accepted)


def ownership_transferred(operator, former, membership):
    for person in (former, membership.user):
        outbox.post(
            person.subject,
            Purpose.ACCOUNT,
            "accounts/emails/ownership_transferred",
            operator=name_of(operator),
            operator_ref=str(operator.ref),
        )


def operator_status(operator):
    for person in _owners(operator):
        outbox.post(
            person.subject,
            Purpose.ACCOUNT,
            "accounts/emails/operator_status",
            operator=name_of(operator),
            status=operator.status,
        )


def contact_needed(operator):
    """The data of the person in charge are deleted: the owners name another one."""
    for person in _owners(operator):
        outbox.post(
            person.subject,
            Purpose.ACCOUNT,
            "accounts/emails/contact_needed",
            operator=name_of(operator),
            operator_ref=str(operator.ref),
        )


def staff_owner_needed(operator):
    for person in User.objects.reviewers().select_related("subject"):
        outbox.post(person.subject, Purpose.ADMINISTRATION, "accounts/emails/staff_owner_needed", operator=operator.pk)


def _owners(operator):
    return User.objects.owners_of(operator).select_related("subject")


def _post(subject, purpose, template, *, registration, **context):
    outbox.post(
        subject,
        purpose,
        f"accounts/emails/{template}",
        reference=registration.reference,
        business_name=registration.business_name,
        registration=str(registration.ref),
        due_on=registration.due_on.isoformat(),
        **context,
    )
