"""What stands in `manifest.json` (R062, R067)."""

from django.utils import timezone

from ..models import Document, Export, ExportItem, ExportKind, PolicyVersion, ProcessingRecord, Recipient
from . import profiles, steps


def of(export, *, rows, delete_by):
    """The manifest as a dict for JSON; `bundle.write` adds the terms and the files with their digests."""
    recipient = Recipient.objects.current(timezone.now()).filter(code=export.recipient).first()
    said = {
        "number": export.number,
        "reference": str(export.ref),
        "kind": export.kind,
        "recipient": {
            "code": export.recipient,
            "en": recipient.name("en") if recipient else "",
            "ja": recipient.name("ja") if recipient else "",
            "contract": recipient.contract_reference if recipient else "",
        },
        "purpose": steps.purpose_of(export),
        "created": timezone.now().isoformat(),
        "delete_by": delete_by.isoformat(),
        "rows": rows,
    }
    if export.kind == ExportKind.RECALL:
        return said | {"recalls": export.recalls.number}
    said["fields"] = profiles.described(export.profile)
    if export.kind == ExportKind.PROVISION:
        said |= {"withheld": withheld(export), "supersedes": supersedes(export), "policy": _versions(export)}
    return said


def withheld(export):
    """The number of rows without identifying fields, because the person keeps these from the recipient (R063)."""
    return ExportItem.objects.filter(export=export, is_withheld=True).count()


def supersedes(export):
    """The number of the hand-over of the same profile before this one, or None."""
    before = Export.objects.filter(
        kind=ExportKind.PROVISION, profile=export.profile, built_at__isnull=False, pk__lt=export.pk
    ).first()
    return before and before.number


def surface(export):
    """What the record of the use says."""
    return f"hand-over {export.number}"


def _versions(export):
    """The versions of the privacy policy under which the persons in it came."""
    used = ProcessingRecord.objects.filter(surface=surface(export)).first()
    found = PolicyVersion.objects.filter(document=Document.PRIVACY, number__in=used.versions if used else [])
    return [{"number": version.number, "sha256": version.hash} for version in found.order_by("number")]
