"""What the public reads of recipients, and the files that their staff fetch."""

import json
import re

from allauth.core.internal.ratelimit import consume
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from .. import handover
from ..handover import bundle, downloads, instructions, signatures
from ..models import Recipient
from ..policies.rendering import contact
from ..purposes import Purpose

# Every one is written into the ledger. A download that breaks off again and again goes on some minutes later.
LIMITS = {"fetch_hand_over": "60/h/user"}
TOO_OFTEN = gettext_lazy("It was fetched very often within an hour. Wait an hour; what you have so far stays good.")
# No file has more bytes than 18 digits count.
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class RecipientListView(TemplateView):
    """Who works for the city and may get data: from the register of recipients, as it stands today (R060)."""

    template_name = "privacy/recipient_list.html"

    def get_context_data(self, **kwargs):
        now, language = timezone.now(), get_language()
        entitled = set(Recipient.objects.valid(now).exclude(contract_reference="").values_list("pk", flat=True))
        found = [
            {
                "name": one.name(language),
                "role": one.get_role_display(),
                "address": one.address(language),
                "duties": one.duties(language),
                "purposes": [Purpose(purpose).label for purpose in one.purposes],
                "is_entitled": one.pk in entitled,
            }
            for one in Recipient.objects.current(now).order_by("code")
        ]
        return super().get_context_data(recipients=found, **contact(), **kwargs)


@require_safe
@cache_control(public=True, max_age=3600)
def allowed_signers(request):
    """The keys with which hand-overs are signed, as `ssh-keygen -Y verify` reads them."""
    return HttpResponse(signatures.allowed_signers(), content_type="text/plain; charset=utf-8")


@require_safe
def hand_over_file(request, ref, name):
    """The sealed file, or one of those beside it, for staff of its recipient; the file may be fetched in parts.

    404 for what is not theirs, and for everybody else, as if it did not exist.
    """
    export = get_object_or_404(downloads.offered_to(request.user), ref=ref)
    if reason := downloads.refusal(export, timezone.now()):
        return _unstored(render(request, "privacy/hand_over_gone.html", {"reason": reason.label}, status=410))
    if name == export.file_name:
        return _unstored(_sealed(request, export))
    try:
        return _unstored(_named(_beside(export, name), name))
    except ValidationError as refusal:
        return _unstored(_gone(request, refusal))


def _beside(export, name):
    texts = {instructions.file_name(language): language for language in ("en", "ja")}
    if name == export.file_name + signatures.SUFFIX:
        content, kind = downloads.signature(export), "text/plain"
    elif name == bundle.MANIFEST:
        content, kind = json.dumps(export.manifest, ensure_ascii=False, indent=1), "application/json"
    elif name in texts:
        content, kind = instructions.how_to_open(export.file_name, texts[name]), "text/plain"
    else:
        raise Http404
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8")


def _sealed(request, export):
    """All of the file, or the part that was asked for (RFC 9110, one range)."""
    # Not the digest: that is for the recipient to find out from what arrived.
    etag = f'"{export.ref}"'
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and request.headers.get("If-Range", etag) == etag and any(asked.groups()):
        start, end = _bounds(*asked.groups(), export.size)
        if start > end:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{export.size}"})
    else:
        asked, start, end = None, 0, export.size - 1
    if request.method == "HEAD":
        response = HttpResponse(content_type="application/octet-stream")
    elif not consume(
        request, app="privacy", action="fetch_hand_over", config=LIMITS, user=request.user, limit_get=True
    ):
        return render(request, "privacy/hand_over_gone.html", {"reason": TOO_OFTEN, "is_for_now": True}, status=429)
    else:
        try:
            file = handover.fetch(export, by=request.user, start=start)
        except ValidationError as refusal:
            return _gone(request, refusal)
        response = FileResponse(_Part(file, end - start + 1), content_type="application/octet-stream")
    response["Accept-Ranges"], response["ETag"], response["Content-Length"] = "bytes", etag, end - start + 1
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{export.size}"
    return _named(response, export.file_name)


def _gone(request, refusal):
    return render(request, "privacy/hand_over_gone.html", {"reason": refusal.messages[0]}, status=410)


def _bounds(first, last, size):
    """(first byte, last byte) of a range in a file of `size` bytes; `-500` are the last 500."""
    if not first:
        return max(size - int(last), 0), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


class _Part:
    """The next `left` bytes of an open file, for `FileResponse`."""

    def __init__(self, file, left):
        self.file, self.left = file, left

    def read(self, size=-1):
        part = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(part)
        return part

    def close(self):
        self.file.close()


def _named(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _unstored(response):
    response["Cache-Control"] = "no-store"
    return response
