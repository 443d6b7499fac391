"""A run: ends what is past its time, table by table, and leaves evidence (R110).

Each table under each time is a transaction of its own: what goes wrong with one stops no other.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models.deletion import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .. import audit
from ..acting import PORTAL, acting_as
from ..declarations import expiries
from ..models import RetentionOutcome, RetentionResult, RetentionRun
from ..retention import RULES
from . import holds, rules

logger = logging.getLogger(__name__)

# More than this part of a table, and more than so many rows, are more than a night's work: a person looks first.
SHARE, ROWS = 0.01, 20
BATCH = 500


def run(*, dry_run, by=None):
    """End what is past its time, or with `dry_run` only count it. Returns the `RetentionRun` with its results."""
    this = RetentionRun.objects.create(is_dry=dry_run, by=by)
    for expiry in expiries():
        try:
            with transaction.atomic(), acting_as(duty=PORTAL):
                _go_through(this, expiry)
        except (DatabaseError, ProtectedError) as error:
            # Its text could hold a value.
            logger.error("retention failed kind=%s of=%s %s", expiry.kind, _label(expiry), type(error).__name__)
            _write(this, expiry, RetentionOutcome.FAILED, rows=0, due=0)
    this.ended_at = timezone.now()
    this.save(update_fields=["ended_at"])
    return this


def _go_through(this, expiry):
    release = None if this.is_dry else _release_for(expiry)
    # Of a release exactly what was shown to who released it: what came due later waits for its own turn.
    moment = release.run.started_at if release else this.started_at
    due = expiry.due(moment - RULES[expiry.kind].period)
    free = holds.without_held(due, expiry.kind)
    if expiry.end is None:
        free = holds.without_younger(free)
    found = {"rows": expiry.model._default_manager.count(), "due": due.count()}
    to_do = free.count()
    found["held"] = found["due"] - to_do
    if this.is_dry:
        return _write(this, expiry, RetentionOutcome.COUNTED, **found)
    if expiry.kind not in rules.in_force():
        return _write(this, expiry, RetentionOutcome.UNSIGNED, **found)
    if is_too_much(to_do, found["rows"]) and not (release and to_do <= release.due - release.held):
        logger.warning("retention stopped kind=%s of=%s rows=%s", expiry.kind, _label(expiry), to_do)
        return _write(this, expiry, RetentionOutcome.STOPPED, **found)
    done, went_with = (expiry.end(free), {}) if expiry.end else _delete(free)
    return _write(this, expiry, RetentionOutcome.DONE, **found, done=done, went_with=went_with, releases=release)


def is_too_much(due, rows):
    return due > ROWS and due > rows * SHARE


def _release_for(expiry):
    """The stopped result that somebody released and no run has used."""
    released = RetentionResult.objects.select_for_update(of=["self"]).filter(
        kind=expiry.kind, model=_label(expiry), released_at__isnull=False, released_for=None
    )
    return released.order_by("-pk").first()


def _delete(rows):
    """Returns how many, and what went with them. Locked first: a row that changes in this moment may not be due."""
    label = rows.model._meta.label
    keys = list(rows.select_for_update(of=["self"]).values_list("pk", flat=True))
    gone = {label: 0}
    for start in range(0, len(keys), BATCH):
        _total, by_model = rows.model._default_manager.filter(pk__in=keys[start : start + BATCH]).delete()
        for model, count in by_model.items():
            gone[model] = gone.get(model, 0) + count
    return gone.pop(label), gone


def _write(this, expiry, outcome, **found):
    return RetentionResult.objects.create(run=this, kind=expiry.kind, model=_label(expiry), outcome=outcome, **found)


def _label(expiry):
    return expiry.model._meta.label


@transaction.atomic
def release(result, *, by):
    """Let the next run do, once, what this stopped result counted. Raises `ValidationError` when a later run has
    counted again."""
    result = RetentionResult.objects.select_for_update(of=["self"]).get(pk=result.pk)
    newer = RetentionResult.objects.filter(kind=result.kind, model=result.model, run__is_dry=False, pk__gt=result.pk)
    if result.outcome != RetentionOutcome.STOPPED or newer.exists():
        raise ValidationError(_("A later run has counted this table again. Release that one."))
    if result.released_at is None:
        result.released_by, result.released_at = by, timezone.now()
        result.save(update_fields=["released_by", "released_at"])
        audit.record(
            by,
            gettext_noop("stopped run released"),
            result,
            kind=result.kind,
            of=result.model,
            rows=result.due - result.held,
        )
    return result
