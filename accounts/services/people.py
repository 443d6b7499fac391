"""People and their addresses."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import override

from privacy import audit, consent, ledger, policies, suppression
from privacy.acting import PORTAL, acting_as
from privacy.models import Document, Matter, Subject

from .. import emails, statements
from ..models import AddressProof, User
from .membership import WrongCode

UNVERIFIED_KEPT = timedelta(hours=24)
SIGN_UP = "account_signup"


@transaction.atomic
def record_sign_up(person, request):
    """Write down what the person stated and was shown when signing up, at the first `request` that shows that the
    address is theirs (L01, R005, R111). Whoever confirms another address later has said nothing new."""
    subject = person.subject
    if ledger.state_of(subject.ref, Matter.POLICY, document=Document.PRIVACY):
        return

    def proof(control, text, default):
        with override(subject.language):
            return ledger.proof_of(request, control, served=text, default=default) | {"surface": SIGN_UP}

    shown = policies.all_in_force(person.date_joined)
    if Document.TERMS in shown:
        consent.accept(subject, shown[Document.TERMS], proof=proof("terms", statements.TERMS, "unchecked"))
    served = sorted(version.hash for version in shown.values())
    consent.inform(subject, at=person.date_joined, proof=proof("notice", served, "shown"))
    consent.attest_age(subject, proof=proof("statement", statements.AGE, "shown"))
    suppression.carry_over(subject, person.email)


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


def is_proved(operator, email):
    """R030: the address of the person in charge is a member's own, or has read a code."""
    return (
        operator.memberships.filter(user__email=email).exists()
        or operator.address_proofs.filter(email=email, verified_at__isnull=False).exists()
    )


@transaction.atomic
def choose_language(person, language):
    """Write to `person` in `language` from now on."""
    person.subject.language = language
    person.subject.save(update_fields=["language"])


@transaction.atomic
def forget_unverified_signup(email):
    """Remove the sign-up of an address that never typed its code. Returns whether there was one."""
    return bool(_delete(_unverified().filter(email=email)))


@transaction.atomic
def delete_unverified_signups(*, dry_run=False):
    """Remove who signed up and never typed the code within a day (R110). Returns how many."""
    stale = _unverified().filter(date_joined__lt=timezone.now() - UNVERIFIED_KEPT)
    return stale.count() if dry_run else _delete(stale)


@acting_as(duty=PORTAL)
def delete_ended_sessions(*, dry_run=False):
    """Remove log-ins that are over (R110), and what they knew of their browsers. Returns how many."""
    now = timezone.now()
    ended = Session.objects.filter(expire_date__lt=now)
    listed = UserSession.objects.filter(created_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).exclude(
        Exists(Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=now))
    )
    if dry_run:
        return ended.count()
    listed.delete()
    return ended.delete()[0]


def _unverified():
    return User.objects.filter(is_staff=False, memberships=None, last_login=None).exclude(emailaddress__verified=True)


@acting_as(duty=PORTAL)
def _delete(people):
    subjects = list(people.values_list("subject_id", flat=True))
    User.objects.filter(subject_id__in=subjects).delete()
    Subject.objects.filter(pk__in=subjects).delete()
    return len(subjects)
