"""People and their addresses."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy import audit
from privacy.models import Subject

from .. import emails
from ..models import AddressProof, User
from .membership import WrongCode

UNVERIFIED_KEPT = timedelta(hours=24)


@transaction.atomic
def ask_for_proof(operator, email, *, by):
    """Mail a code to the address of a person in charge who is not the account holder (R030)."""
    proof, _created = AddressProof.objects.get_or_create(
        operator=operator, email=email, defaults={"expires_at": timezone.now()}
    )
    if proof.verified_at is None:
        code = proof.set_new_code()
        proof.save()
        audit.record(by, "address code sent", operator)
        emails.address_code(proof, code, by)
    return proof


def prove_address(proof, code, *, by):
    """The typed `code` shows that the address is read. Raises `WrongCode`."""
    if not proof.is_usable or not proof.matches(code):
        AddressProof.objects.filter(pk=proof.pk).update(attempts=F("attempts") + 1)
        raise WrongCode
    with transaction.atomic():
        proof.verified_at = timezone.now()
        proof.save(update_fields=["verified_at"])
        audit.record(by, "address proved", proof.operator)


@transaction.atomic
def delete_unverified_signups(*, dry_run=False):
    """Remove who signed up and never typed the code within a day (R110). Returns how many."""
    stale = User.objects.filter(
        is_staff=False,
        memberships=None,
        date_joined__lt=timezone.now() - UNVERIFIED_KEPT,
    ).exclude(emailaddress__verified=True)
    subjects = list(stale.values_list("subject_id", flat=True))
    if not dry_run:
        User.objects.filter(subject_id__in=subjects).delete()
        Subject.objects.filter(pk__in=subjects).delete()
    return len(subjects)
