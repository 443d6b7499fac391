"""Fetching a copy: once, by whom it is about; then it is gone (PR6).

A download may break off. So the first fetch opens an hour in which the same log-in may fetch it again; the content goes
when that hour is over, not when the answer begins.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from .. import audit, encryption
from ..acting import PORTAL, acting_as
from ..models import Package

AGAIN_WITHIN = timedelta(hours=1)
# Where a session keeps which copies were begun in it.
BEGUN = "copies begun"


class Refusal(models.TextChoices):
    """Why a copy is not given out."""

    NOT_READY = "not ready", _("The copy is still being made.")
    FAILED = "failed", _("The copy could not be made. You can ask for another one at once.")
    EXPIRED = "expired", _("The time to fetch this copy is over, and it was deleted.")
    SPENT = "spent", _("This copy was fetched already: each is given out once only.")


def has_begun(session, package):
    """Whether the copy was fetched in this session before: an interrupted download may be begun again."""
    return str(package.ref) in session.get(BEGUN, ())


def note_begun(session, package):
    session[BEGUN] = [*{*session.get(BEGUN, ()), str(package.ref)}]


def refusal(package, *, has_begun=False):
    """The `Refusal` that stands in the way now, or None. `has_begun`: this log-in fetched it before."""
    now = timezone.now()
    if package.failed_at:
        return Refusal.FAILED
    if not package.built_at:
        return Refusal.NOT_READY
    if package.fetched_at:
        may_again = has_begun and package.fetched_at > now - AGAIN_WITHIN and package.content
        return None if may_again else Refusal.SPENT
    return Refusal.EXPIRED if package.expires_at <= now or not package.content else None


@transaction.atomic
def fetch(package, *, by, has_begun=False):
    """The archive (bytes) for `by`, the person it is about. Raises `ValidationError` with the code of the `Refusal`."""
    package = Package.objects.select_for_update(of=["self"]).get(pk=package.pk)
    if reason := refusal(package, has_begun=has_begun):
        raise ValidationError(reason.label, code=reason.value)
    if not package.fetched_at:
        package.fetched_at = timezone.now()
        package.save(update_fields=["fetched_at"])
    audit.record(by, gettext_noop("copy fetched"), package, form=package.form)
    return open_(package)


def open_(package):
    """The archive of a copy that was built (bytes)."""
    return encryption.unseal(bytes(package.content), encryption.place(package, "content"))


def gone_at(package):
    """When its content goes, or went; None before it is built, and of one that failed."""
    return package.fetched_at + AGAIN_WITHIN if package.fetched_at else package.expires_at


@acting_as(duty=PORTAL)
def expire(*, dry_run=False):
    """Empty the copies that were fetched, or not fetched in time. Returns how many; safe to run twice."""
    now = timezone.now()
    over = Q(fetched_at__lte=now - AGAIN_WITHIN) | Q(fetched_at=None, expires_at__lte=now)
    packages = Package.objects.filter(over).exclude(content=b"")
    return packages.count() if dry_run else packages.update(content=b"")
