"""What staff are reminded of, so that nobody has to look whether something waits."""

from django.db import transaction
from django.utils import timezone

from outbox.models import Message
from privacy.acting import PORTAL, acting_as

from .. import emails
from ..models import DomesticRegistration, OverseasRegistration, User


def overdue_registrations():
    """How many registrations of both sides wait longer than promised."""
    today = timezone.localdate()
    return sum(model.objects.overdue_on(today).count() for model in (DomesticRegistration, OverseasRegistration))


@acting_as(duty=PORTAL)
@transaction.atomic
def remind_reviewers(*, dry_run=False):
    """Write to each reviewer who was not yet reminded today what waits for them. Returns to how many.

    That is: registrations that are overdue, and messages set aside or in doubt for those who may send them again."""
    overdue, stuck = overdue_registrations(), Message.objects.stuck().count()
    reminded = 0
    # The people are the lock: two workers at once must not both write.
    for person in User.objects.select_for_update(of=["self"]).filter(pk__in=User.objects.reviewers().values("pk")):
        theirs = stuck if person.has_perm("outbox.change_message") else 0
        if not (overdue or theirs) or _reminded_today(person):
            continue
        reminded += 1
        if not dry_run:
            emails.staff_reminder(person, overdue=overdue, stuck=theirs)
    return reminded


def _reminded_today(person):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Message.objects.filter(to_ref=person.ref, template=emails.STAFF_REMINDER, created_at__gte=midnight).exists()
