"""Telling recipients what became of rows that they were given (GDPR Art. 19, L03)."""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from ..models import CurrentState, Export, ExportItem, ExportKind, ItemAction, Matter, State
from . import steps
from .calling_back import call_back

WITHHELD = "opt-out"


@transaction.atomic
def ask(subject_ref, action, *, reason, by=None, recipient=""):
    """Recall what earlier hand-overs gave of this person: one `Export` for each that is not destroyed yet.

    What nobody can have read is called back instead, unless the data are only corrected. `action`: an `ItemAction` but
    PROVIDE. `recipient`: the code of the only one that is asked. Returns the recalls, which are built and fetched as
    any hand-over; none where nothing was given.
    """
    in_turn()
    given = _given().filter(subject_ref=subject_ref)
    if action in (ItemAction.ERASE, ItemAction.RESTRICT):
        theirs = given.filter(export__recipient=recipient) if recipient else given
        call_back(theirs.values("export"), by=by)
    recalls = []
    for earlier in Export.objects.filter(pk__in=given.values("export")).order_by("pk"):
        if recipient and earlier.recipient != recipient:
            continue
        recall = Export.objects.create(
            kind=ExportKind.RECALL, recipient=earlier.recipient, recalls=earlier, reason=reason, requested_by=by
        )
        ExportItem.objects.bulk_create(
            ExportItem(
                export=recall, subject_ref=item.subject_ref, row_key=item.row_key, digest=item.digest, action=action
            )
            for item in given.filter(export=earlier)
        )
        steps.record(recall, State.REQUESTED, gettext_noop("recall asked"), by=by, action=action)
        recalls.append(recall)
    return recalls


def ask_for_opt_outs():
    """Recall what was given with identifying fields of who has since withheld these (R063). Safe to run twice."""
    withheld = CurrentState.objects.filter(
        subject_ref=OuterRef("subject_ref"),
        matter=Matter.OPT_OUT,
        topic=OuterRef("export__recipient"),
        state=State.MADE,
        at__gte=OuterRef("export__built_at"),
    )
    recalled = ExportItem.objects.filter(
        export__recalls=OuterRef("export"),
        subject_ref=OuterRef("subject_ref"),
        action__in=[ItemAction.ERASE, ItemAction.RESTRICT],
    )
    found = _given().filter(Exists(withheld), ~Exists(recalled), is_withheld=False)
    asked = []
    for ref, recipient in found.order_by("subject_ref").values_list("subject_ref", "export__recipient").distinct():
        asked += ask(ref, ItemAction.RESTRICT, reason=WITHHELD, recipient=recipient)
    return asked


def in_turn():
    """Until the end of the transaction no hand-over is finished, and no other recall is asked: what is just being built
    is either recalled, or sees what happened to the person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('privacy.handover'))")


def _given():
    """The rows that recipients have, or can still fetch."""
    return ExportItem.objects.filter(
        action=ItemAction.PROVIDE,
        export__kind=ExportKind.PROVISION,
        export__built_at__isnull=False,
        export__cancelled_at__isnull=True,
        export__destroyed_at__isnull=True,
    )
