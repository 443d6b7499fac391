"""The accounts of the city's staff: given and taken on the server, never in the admin."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from privacy import audit, consent
from privacy.models import Recipient

from .. import emails
from ..models import User
from ..staff_roles import StaffRole
from .operators import end_sessions


class OfAnOperator(Exception):
    """The account acts for an operator; who decides about operators is none of them."""


class UnknownRecipient(Exception):
    """No company of that code works for the city."""


class OfNoRecipient(Exception):
    """The role is for those who work for the city at another company, and none was named."""


class Deactivated(Exception):
    """The account's access was ended; it is given back in the admin first."""


@transaction.atomic
def create_staff(email, *, roles, recipient="", language=None):
    """Make the person with the canonical address `email` a member of staff with exactly these `roles`.

    They work for the city, or for the company that has the code `recipient`.

    Their address counts as verified: who runs the server vouches for it. They set a password with a code sent there.
    Returns the person and whether the account is new. Raises `OfAnOperator`, `Deactivated`,
    `UnknownRecipient` and `OfNoRecipient`.
    """
    if recipient and not Recipient.objects.filter(code=recipient).exists():
        raise UnknownRecipient
    if StaffRole.CONTRACTOR in roles and not recipient:
        raise OfNoRecipient
    person = User.objects.select_for_update(of=["self"]).filter(email=email).first()
    is_new = person is None
    if is_new:
        person = User.objects.create_user(email, language=language or "ja")
    if person.side or person.memberships.exists():
        raise OfAnOperator
    if not person.is_active:
        raise Deactivated
    if not person.emailaddress_set.filter(email=email, verified=True).exists():
        # Whoever signed up with this address has not shown that it is theirs.
        person.set_unusable_password()
        end_sessions(person)
        person.emailaddress_set.update_or_create(email=email, defaults={"verified": True, "primary": True})
        consent.inform(person.subject, actor="portal")
    person.is_staff, person.recipient = True, recipient
    person.save()
    if language and language != person.language:
        person.subject.language = language
        person.subject.save(update_fields=["language"])
    person.groups.set(Group.objects.filter(name__in=roles))
    audit.record(None, "staff roles given", person, roles=sorted(roles), recipient=recipient)
    return person, is_new


@transaction.atomic
def reset_second_factor(person, *, by, reason):
    """Remove what the person proves themselves with beside the password, end their sessions and tell them (AU7).

    Returns whether there was anything to remove."""
    person = User.objects.select_for_update(of=["self"]).get(pk=person.pk)
    removed, _by_model = Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    if removed:
        audit.record(by, "second factor reset", person, reason=reason)
        emails.second_factor_reset(person)
    return bool(removed)
