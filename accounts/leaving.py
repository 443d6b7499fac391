"""What becomes of accounts and businesses when a person of theirs is erased (docs/adr/0015)."""

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.endings import address_source, addressed, consequence_source, ends

from .models import (
    AddressProof,
    DomesticRegistration,
    Invitation,
    Operator,
    OperatorPeople,
    OverseasRegistration,
    User,
)
from .services import operators

# Of people who were named, invited or written to by somebody else.
addressed(Invitation, "email")
addressed(AddressProof, "email")
addressed(DomesticRegistration, "contact_email")
addressed(OverseasRegistration, "contact_email")


@address_source
def addresses_of_accounts(subject):
    """Without those that nobody has confirmed: they may be a stranger's, whose rows would end with these."""
    theirs = EmailAddress.objects.filter(user__subject=subject)
    unconfirmed = theirs.filter(verified=False).values("email")
    yield from User.objects.filter(subject=subject).exclude(email__in=unconfirmed).values_list("email", flat=True)
    yield from theirs.filter(verified=True).values_list("email", flat=True)
    yield from OperatorPeople.objects.filter(operator__contact=subject).values_list("contact_email", flat=True)


@ends(User)
def empty_account(rows, person):
    """What the person did stays written down under the key of an account that is nobody's (R151)."""
    for user in rows:
        user.groups.clear()
        user.user_permissions.clear()
    return rows.update(
        # Unique, as the column asks; nothing is delivered there (RFC 2606).
        email=f"{person.subject.ref}@erased.invalid",
        password=make_password(None),
        last_login=None,
        date_joined=timezone.now(),
        side=None,
        acting_for=None,
        is_active=False,
        is_staff=False,
        is_superuser=False,
        recipient="",
    )


@ends(Session)
def end_sessions(_rows, person):
    """Also those of somebody who typed the address and no code; no column tells whose a session is."""
    keys = {str(key) for key in User.objects.filter(subject=person.subject).values_list("pk", flat=True)}
    theirs = [
        session.pk for session in Session.objects.iterator() if _is_of(session.get_decoded(), keys, person.addresses)
    ]
    deleted, _by_model = Session.objects.filter(pk__in=theirs).delete()
    return deleted


def _is_of(content, keys, addresses):
    text = str(content).lower()
    return content.get("_auth_user_id") in keys or any(address in text for address in addresses)


@ends(LogEntry)
def empty_log_of_the_admin(rows, person):
    """The texts of what the person did there, and of what names them."""
    named = Q(pk__in=rows.values("pk"))
    for address in person.addresses:
        named |= Q(object_repr__icontains=address) | Q(change_message__icontains=address)
    return LogEntry.objects.filter(named).update(object_repr="", change_message="")


@ends(DomesticRegistration)
@ends(OverseasRegistration)
def empty_registrations(rows, person):
    """The facts of the business stay. The people that it names stay, too, unless it is the person who is erased; then
    what is not decided yet goes back to whoever looks after the business."""
    rows.filter(created_by__subject=person.subject).update(created_by=None)
    rows.filter(reviewer__subject=person.subject).update(reviewer=None)
    emptied = 0
    for registration in rows.filter(contact_email__in=["", *person.addresses]):
        for name in {"contact_name", "contact_email", "contact_telephone", "representative_name"}:
            if hasattr(registration, name):
                setattr(registration, name, "")
        if registration.status not in registration.CLOSED:
            registration.status, registration.requested_changes = registration.Status.DRAFT, {}
        registration.version += 1
        registration.save()
        emptied += 1
    return emptied


@ends(Operator)
def leave_operators(rows, person):
    """No erasure waits for a business to name somebody else."""
    for operator in rows.order_by("pk"):
        operators.lose_person(operator, person.subject)
    return len(rows)


@consequence_source
def what_becomes_of_businesses(subject):
    """Of each business of the person, one sentence where something changes for it."""
    theirs = Operator.objects.filter(Q(memberships__user__subject=subject) | Q(contact=subject)).distinct()
    for operator in theirs.order_by("pk"):
        others = operator.memberships.exclude(user__subject=subject).filter(user__is_active=True)
        name = {"business": operator.name(get_language()) or _("a business without a name yet")}
        if operator.approved_at is None and not others.exists():
            yield _("The registration of %(business)s is deleted: nobody else looks after it.") % name
            continue
        if not others.owners().exists():
            yield (
                _(
                    "%(business)s has no other owner. Its listing stays, and the secretariat looks for a new owner. If "
                    "you want it otherwise, make a colleague the owner or take the listing down before you close your "
                    "account."
                )
                % name
            )
        if operator.contact_id == subject.pk:
            yield _("%(business)s is shown without a person in charge until its owners name somebody else.") % name
