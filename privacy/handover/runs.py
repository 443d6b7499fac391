"""A hand-over from request to sealed file: asked by one, released by another, built in the background (R060-R067).

What is released is a fingerprint of recipient, purpose, fields, form and key. It is taken again at the release and at
the moment of building, and whatever differs is refused. The rows are those that the gate gives at that moment.
"""

import errno
import hashlib
import io
import json
import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .. import encryption, gate
from ..acting import PORTAL, acting_as
from ..models import Export, ExportItem, ExportKind, State
from . import (
    bundle,
    conditions,
    doorbell,
    emails,
    keys,
    passwords,
    profiles,
    rehearsal,
    signatures,
    spreadsheet,
    tables,
)
from . import manifest as manifests
from . import recalls as recalling
from .conditions import Problem
from .stages import WITHOUT_RELEASE, waits_for_release
from .steps import purpose_of, record

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
# A release is for now: people's choices, and officers, change.
RELEASE_LASTS = timedelta(hours=24)
CAN_BE_FETCHED_FOR = timedelta(days=7)
DELETE_AFTER = timedelta(days=90)
# A recall waits for a key, and is tried again.
TRY_AGAIN_AFTER = timedelta(hours=1)
MAY_RELEASE = "privacy.change_export"
TABLE, RECALL_TABLE = "operators.csv", "recall.csv"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Failure(Exception):
    """The hand-over cannot be built, for a `Problem`."""

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


class TryAgain(Exception):
    """Something happened meanwhile to people in it, or another worker has taken over."""


# ---- asked and released ----


@transaction.atomic
def request(profile, *, reason, by, kind=ExportKind.PROVISION):
    """Ask for a hand-over by `profile`, or for its rehearsal. Raises `ValidationError` where it could not be built."""
    now = timezone.now()
    key = keys.valid(profile.recipient, now)
    if problem := conditions.of_hand_over(kind, profile, key, now):
        raise ValidationError(problem.label)
    export = Export.objects.create(
        kind=kind,
        recipient=profile.recipient,
        profile=profile,
        key=key,
        reason=reason,
        requested_by=by,
        fingerprint=fingerprint(kind, profile, key, now),
    )
    record(export, State.REQUESTED, gettext_noop("hand-over asked"), by=by, content=export.fingerprint)
    if kind in WITHOUT_RELEASE:
        doorbell.ring_after_commit()
    else:
        emails.release_waits(export)
    return export


@transaction.atomic
def approve(export, *, by):
    """A second person releases exactly what was asked for. Raises `ValidationError`."""
    export = _waiting(export)
    if export.requested_by_id == by.pk:
        raise ValidationError(_("Another officer than the one who asked must release it."))
    now = timezone.now()
    if problem := changed(export, now) or conditions.of_hand_over(export.kind, export.profile, export.key, now):
        raise ValidationError(problem.label)
    export.approved_by, export.approved_at = by, now
    export.save(update_fields=["approved_by", "approved_at"])
    record(export, State.APPROVED, gettext_noop("hand-over released"), by=by, content=export.fingerprint)
    doorbell.ring_after_commit()


@transaction.atomic
def cancel(export, *, by):
    """It is not handed over. What was built is not offered any more."""
    export = Export.objects.select_for_update().get(pk=export.pk)
    if export.cancelled_at or export.confirmed_at:
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    export.cancelled_by, export.cancelled_at, export.sealed_password = by, timezone.now(), b""
    export.save(update_fields=["cancelled_by", "cancelled_at", "sealed_password"])
    record(export, State.CANCELLED, gettext_noop("hand-over cancelled"), by=by)


def ask_again(export, *, by):
    """Ask anew for what failed, or was never fetched, with the same profile and reason."""
    return request(export.profile, reason=export.reason, by=by, kind=export.kind)


def fingerprint(kind, profile, key, at):
    """What binds the release to what is asked (hexadecimal SHA-256)."""
    said = [
        str(kind),
        profile.recipient,
        profile.purpose,
        profiles.columns(profile),
        profiles.form(profile, at),
        key.public_key,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def changed(export, at):
    """`Problem.CHANGED` where what would be handed over at that moment is not what was asked for."""
    return Problem.CHANGED if fingerprint(export.kind, export.profile, export.key, at) != export.fingerprint else None


def _waiting(export):
    export = Export.objects.select_for_update().get(pk=export.pk)
    if not waits_for_release(export):
        raise ValidationError(_("Somebody has decided about this meanwhile."))
    return export


# ---- built ----


def due(now):
    """The hand-overs to build: released, or without need of it, and with no worker at them."""
    waiting = Export.objects.filter(built_at=None, failed_at=None, cancelled_at=None)
    released = Q(approved_at__isnull=False) | Q(kind__in=WITHOUT_RELEASE)
    return waiting.filter(released).filter(Q(leased_until=None) | Q(leased_until__lte=now)).order_by("pk")


def build_due():
    """Build all that are due. Returns their keys; safe to run twice, and at once."""
    return [pk for pk in due(timezone.now()).values_list("pk", flat=True) if build(pk)]


def build(pk):
    """Build one hand-over. Returns whether it is built now; otherwise it says why, or waits for another attempt."""
    export = _claim(pk)
    if export is None:
        return False
    lease = export.leased_until
    try:
        with transaction.atomic(), acting_as(duty=PORTAL):
            _build(export)
    except TryAgain:
        Export.objects.filter(pk=pk, leased_until=lease).update(leased_until=None)
        return False
    except Failure as failure:
        return _fail(pk, lease, failure.problem)
    except spreadsheet.TooLarge:
        return _fail(pk, lease, Problem.TOO_LARGE)
    except OSError as error:
        logger.warning("hand-over not written export=%s error=%s", export.pk, error.errno)
        return _fail(pk, lease, Problem.DISK if error.errno in FULL else Problem.FILE)
    except Exception:
        logger.exception("hand-over failed export=%s", export.pk)
        return _fail(pk, lease, Problem.UNEXPECTED)
    return True


def _claim(pk):
    with transaction.atomic():
        now = timezone.now()
        export = due(now).select_for_update(skip_locked=True).filter(pk=pk).first()
        if export:
            export.leased_until = now + LEASE
            export.save(update_fields=["leased_until"])
    return export


@transaction.atomic
def _fail(pk, lease, problem):
    """Nothing is offered. A recall must still reach its recipient: it is tried again."""
    mine = Export.objects.select_for_update(of=["self"]).filter(pk=pk, leased_until=lease, built_at=None)
    if export := mine.first():
        export.problem = problem
        if export.kind == ExportKind.RECALL:
            export.leased_until = timezone.now() + TRY_AGAIN_AFTER
        else:
            export.failed_at, export.leased_until = timezone.now(), None
            record(export, State.INVALIDATED, gettext_noop("hand-over failed"), problem=problem)
            emails.failed(export)
        export.save(update_fields=["problem", "failed_at", "leased_until"])
    return False


def _build(export):
    now = timezone.now()
    if export.kind == ExportKind.RECALL:
        export.key = keys.valid(export.recipient, now)
    if problem := _problem(export, now):
        raise Failure(problem)
    is_sheet = export.profile is not None and profiles.form(export.profile, now) == profiles.SPREADSHEET
    export.file_name = f"{export.number}{spreadsheet.SUFFIX if is_sheet else bundle.SUFFIX}"
    export.delete_by = timezone.localdate(now + DELETE_AFTER)
    password, path = passwords.new(), path_of(export)
    lease = export.leased_until
    with bundle.new_file(path) as file:
        sealed = (_write_sheet if is_sheet else _write_bundle)(export, file, password)
        _finish(export, lease, sealed, password)
    try:
        with path.open("rb") as whole, bundle.new_file(signature_of(path)) as signature:
            signature.write(signatures.sign(whole).encode())
        record(export, State.BUILT, gettext_noop("hand-over built"), rows=export.rows, sha256=export.sha256)
        emails.built(export)
    except BaseException:
        remove_files(path)
        raise


def _problem(export, now):
    if export.kind == ExportKind.RECALL:
        return None if export.key else Problem.KEY
    problem = changed(export, now) or conditions.of_hand_over(export.kind, export.profile, export.key, now)
    if problem or export.kind == ExportKind.REHEARSAL:
        return problem
    if export.approved_at < now - RELEASE_LASTS:
        return Problem.STALE
    approver = export.approved_by
    return None if approver.is_active and approver.has_perm(MAY_RELEASE) else Problem.APPROVER


def _write_bundle(export, file, password):
    name, columns, rows = _table(export)
    counted = _Counted(rows)
    return bundle.write(
        file,
        [(name, tables.csv(columns, counted))],
        manifest=lambda: _manifest(export, counted.count),
        password=password,
        public_key=export.key.public_key,
    )


def _write_sheet(export, file, password):
    _name, columns, rows = _table(export)
    counted, whole = _Counted(rows), io.BytesIO()
    spreadsheet.write(whole, columns, counted, password)
    content = whole.getvalue()
    file.write(content)
    size, sha256 = len(content), hashlib.sha256(content).hexdigest()
    # Nor does the manifest beside it tell the digest, which the recipient finds out from what arrived.
    beside = {"terms": bundle.TERMS, "files": [{"name": export.file_name, "size": size}]}
    return bundle.Sealed(size, sha256, _manifest(export, counted.count) | beside)


def _table(export):
    """(name of the file, its columns, its rows). The rows are read, and written down, as they are used."""
    if export.kind == ExportKind.RECALL:
        items = export.items.order_by("row_key").values_list("row_key", "action")
        return RECALL_TABLE, [profiles.KEY_OF_ROW, "action"], items
    names = profiles.columns(export.profile)
    rows = rehearsal.rows(names) if export.kind == ExportKind.REHEARSAL else _rows(export, names)
    return TABLE, [profiles.KEY_OF_ROW, *names], rows


def _rows(export, names):
    """What the gate gives now, and for each row an `ExportItem` without its values."""
    profile = export.profile
    found = gate.in_batches(
        profile.purpose, export.recipient, surface=manifests.surface(export), by=export.approved_by, names=names
    )
    for batch in found:
        items = []
        for subject, held in batch:
            for key, values in held.items():
                items.append(
                    ExportItem(
                        export=export,
                        subject_ref=subject.ref,
                        row_key=key,
                        digest=digest(export, values),
                        is_withheld=subject.is_withheld,
                    )
                )
                yield [key, *profiles.cells(profile, names, values)]
        ExportItem.objects.bulk_create(items)


def digest(export, values):
    """Tells whether a row is still what it was; keyed, so that nobody finds a telephone number by trying them all."""
    said = json.dumps(dict(values), cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return salted_hmac(f"privacy.handover.{export.ref}", said, algorithm="sha256").hexdigest()


def _manifest(export, count):
    """After the last row: as many as were written down, or nothing leaves."""
    if export.kind != ExportKind.REHEARSAL and count != export.items.count():
        raise Failure(Problem.ROWS)
    export.rows = count
    return manifests.of(export, rows=count, delete_by=export.delete_by)


def _finish(export, lease, sealed, password):
    """The file is whole, and not offered before this is committed."""
    recalling.in_turn()
    still_mine = Export.objects.select_for_update().filter(pk=export.pk, leased_until=lease, cancelled_at=None)
    if not still_mine.exists():
        raise TryAgain
    if export.kind == ExportKind.PROVISION:
        permitted = gate.permitting(purpose_of(export), export.recipient)
        if export.items.exclude(subject_ref__in=permitted.values("ref")).exists():
            raise TryAgain
        export.withheld = manifests.withheld(export)
    export.built_at = timezone.now()
    export.expires_at = export.built_at + CAN_BE_FETCHED_FOR
    export.size, export.sha256, export.manifest = sealed.size, sealed.sha256, sealed.manifest
    export.sealed_password = encryption.seal(password.encode(), encryption.place(export, "sealed_password"))
    export.leased_until, export.problem = None, ""
    export.save()


class _Counted:
    """Rows, and how many of them were used."""

    def __init__(self, rows):
        self.rows, self.count = rows, 0

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            yield row


# ---- files ----


def path_of(export):
    return Path(settings.HANDOVER_DIR) / export.file_name


def signature_of(path):
    return path.with_name(path.name + signatures.SUFFIX)


def remove_files(path):
    for one in (path, signature_of(path)):
        with suppress(FileNotFoundError):
            one.unlink()
