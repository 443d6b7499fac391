"""Papers that are sent for a request: looked at by their content, sealed, and opened by one role (R099).

The name, type and extension that the browser sends are not looked at. A picture is decoded and encoded afresh, so that
nothing else in the file is kept; a PDF stays as it is, and is never shown by the portal, only handed out as a file.
"""

import struct
import threading
import uuid
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from .. import audit, gate
from ..acting import PORTAL, acting_as
from ..encryption import place, seal, unseal
from ..models import PaperKind, Request, RequestState, SealedPaper, Step
from ..purposes import Purpose
from . import agents, events

SIGNER = Signer(sep=".", salt="privacy.paper")
MAX_MEGABYTES = 5
MAX_MEGAPIXELS = 24
PDF, JPEG = "application/pdf", "image/jpeg"
ENDINGS = {PDF: "pdf", JPEG: "jpg"}
QUALITY = 85
# What Pillow's decoders raise for a file that is not what it says.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, OverflowError, struct.error)
ONE_AT_A_TIME = threading.Lock()
# {what we asked for: what comes of it, in which state we wait}
ASKED = {
    Step.DOCUMENT_ASKED: (PaperKind.IDENTITY, RequestState.IDENTITY),
    Step.COMPLETION_ASKED: (PaperKind.EVIDENCE, RequestState.COMPLETION),
}


def url(request):
    """The address at which a paper for this request is sent without a log-in; in the language of its answer."""
    with translation.override(request.language):
        return f"{settings.SITE_URL}{reverse('privacy:paper-by-link', args=[token(request)])}"


def token(request):
    """What stands in that address. An agent's ends with the mandate."""
    mandate = _agents(request)
    return SIGNER.sign(request.ref.hex + (mandate.ref.hex if mandate else ""))


def read(token):
    """The request for which we signed `token`, or None; None as well to an agent who may not act any more."""
    try:
        signed = SIGNER.unsign(token)
        ref, mandate_ref = uuid.UUID(signed[:32]), signed[32:]
    except (BadSignature, ValueError):
        return None
    with acting_as(duty=PORTAL):
        request = Request.objects.filter(ref=ref).first()
        mandate = request and mandate_ref and _agents(request)
    if mandate_ref and not (mandate and mandate.ref.hex == mandate_ref):
        return None
    return request


def _agents(request):
    """The `Mandate` by which an agent sends papers: one that counts, or one whose acknowledgement needs them."""
    if agents.is_apart(request):
        return request.mandate if agents.is_alive(request.mandate) else None
    return agents.mandate_for(request, timezone.now())


@acting_as(duty=PORTAL)
def is_awaited(request):
    """Whether the person was asked for a paper, and has not sent it."""
    return _awaited(request) is not None


@acting_as(duty=PORTAL)
@transaction.atomic
def send(request, file, *, by=None):
    """Take the paper that the person was asked for, once. Evidence completes the request; who asks is settled by an
    officer, who looks at the document. Raises `ValidationError` in words for the person."""
    refusal = ValidationError(_("We are not waiting for a file. If you have sent one already, we have it."))
    # No picture is decoded for nothing, and nobody waits for the request meanwhile.
    if _awaited(request) is None:
        raise refusal
    content, media_type = checked(file)
    events.lock(request)
    kind = _awaited(request)
    if kind is None:
        raise refusal
    paper = _keep(request, kind, content, media_type, by=by)
    if kind == PaperKind.EVIDENCE:
        event = events.record(request, Step.COMPLETED, by=by)
        audit.record(by, f"request {Step.COMPLETED}", request, event=event.pk)
    return paper


@transaction.atomic
def enter(request, kind, file, *, by):
    """Keep what an officer has scanned: it came by post or was shown at the counter."""
    content, media_type = checked(file)
    return _keep(request, PaperKind(kind), content, media_type, by=by)


def fetch(paper, *, by):
    """The bytes of `paper` for the officer `by`, written down as a use; raises `ValidationError` once it is deleted."""
    if paper.emptied_at:
        raise ValidationError(_("This paper was deleted on its day."))
    audit.record(by, "paper read", paper)
    gate.seen(
        [paper.request.subject_id],
        Purpose.RIGHTS,
        names={"content"},
        count=1,
        surface=f"admin {paper._meta.label_lower}",
        by=by,
    )
    return unseal(bytes(paper.content), place(paper, "content"))


def checked(file):
    """(bytes to keep, media type) of an uploaded file; raises `ValidationError` in words for who chose it."""
    content = file.read(MAX_MEGABYTES * 1024 * 1024 + 1)
    if not content:
        raise ValidationError(_("This file is empty. Choose another one."), code="empty")
    if len(content) > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The file must be smaller than %(limit)s MB"), code="too_large", params={"limit": MAX_MEGABYTES}
        )
    if content.startswith(b"%PDF-"):
        return content, PDF
    with ONE_AT_A_TIME:
        return _picture(content), JPEG


def _picture(content):
    """Decoded, upright, on white where it is transparent, and without anything but its pixels."""
    try:
        image = Image.open(BytesIO(content), formats=["JPEG", "PNG"])
    except (*BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("Choose a PDF, JPEG or PNG file"), code="format") from None
    if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
        raise ValidationError(
            _("The picture must have %(limit)s million pixels or fewer"),
            code="pixels",
            params={"limit": MAX_MEGAPIXELS},
        )
    try:
        ImageOps.exif_transpose(image, in_place=True)
        # Each step lets the picture before it go: of the largest, two at a time are much.
        if image.has_transparency_data:
            image = image if image.mode == "RGBA" else image.convert("RGBA")
            white = Image.new("RGB", image.size, "white")
            white.paste(image, mask=image)
            image = white
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=QUALITY, exif=b"")
    except BROKEN:
        raise ValidationError(
            _("This picture is damaged. Save it again, then choose the new file"), code="damaged"
        ) from None
    return out.getvalue()


def _awaited(request):
    """The `PaperKind` that the person was asked for and has not sent; None without one."""
    asked = request.events.filter(step__in=ASKED).order_by("pk").last()
    if asked is None:
        return None
    kind, state = ASKED[asked.step]
    has_come = request.papers.filter(received_at__gte=asked.at).exists()
    return kind if request.newest.state == state and not has_come else None


def _keep(request, kind, content, media_type, *, by):
    paper = SealedPaper(
        request=request, kind=kind, media_type=media_type, size=len(content), received_at=timezone.now()
    )
    paper.content = seal(content, place(paper, "content"))
    paper.save()
    audit.record(by, "paper received", paper, kind=kind)
    return paper
