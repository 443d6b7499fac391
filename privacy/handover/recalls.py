"""Telling recipients what became of rows that they were given (GDPR Art. 19, L03)."""

from django.db import transaction

from ..models import Export, ExportItem, ExportKind, ItemAction


@transaction.atomic
def ask(subject_ref, action, *, reason, by=None):
    """Recall what earlier hand-overs gave of this person: one `Export` for each that is not destroyed yet.

    `action`: an `ItemAction` but PROVIDE. Returns the recalls, which are built and fetched as any hand-over; none where
    nothing was given.
    """
    given = ExportItem.objects.filter(
        subject_ref=subject_ref,
        action=ItemAction.PROVIDE,
        export__built_at__isnull=False,
        export__destroyed_at__isnull=True,
    )
    recalls = []
    for earlier in Export.objects.filter(pk__in=given.values("export")).order_by("pk"):
        recall = Export.objects.create(
            kind=ExportKind.RECALL, recipient=earlier.recipient, recalls=earlier, reason=reason, requested_by=by
        )
        ExportItem.objects.bulk_create(
            ExportItem(
                export=recall, subject_ref=item.subject_ref, row_key=item.row_key, digest=item.digest, action=action
            )
            for item in given.filter(export=earlier)
        )
        recalls.append(recall)
    return recalls
