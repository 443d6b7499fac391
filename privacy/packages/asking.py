"""Asking for a copy: one of each form in a week, unless staff allow more."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .. import audit
from ..models import Package, PackageForm, Subject

A_WEEK = timedelta(days=7)


@transaction.atomic
def ask(subject, form, *, request=None, allowed_by=None, reason=""):
    """Have a copy made in `form`, a `PackageForm`, in answer to `request` if there is one. Returns the `Package`.

    Raises `ValidationError`, with the day on which the next is possible, within a week of the last one, unless a
    member of staff allows it (`allowed_by`); `reason` is why.
    """
    Subject.objects.select_for_update().get(pk=subject.pk)
    form = PackageForm(form)
    next_at = possible_from(subject, form)
    if next_at and not allowed_by:
        raise ValidationError(
            _("You can have one copy of this kind in a week. The next is possible from %(day)s on."),
            params={"day": date_format(timezone.localtime(next_at), "DATETIME_FORMAT")},
            code="too soon",
        )
    package = Package.objects.create(subject=subject, form=form, request=request, allowed_by=allowed_by)
    audit.record(allowed_by, gettext_noop("copy asked"), package, form=form, **({"reason": reason} if reason else {}))
    return package


def possible_from(subject, form):
    """From when on another copy of this form may be asked for; None for at once. One that failed does not count."""
    last = subject.packages.filter(form=form, failed_at=None, asked_at__gt=timezone.now() - A_WEEK).first()
    return last and last.asked_at + A_WEEK
