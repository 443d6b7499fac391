"""What a page needs to know of policies, read once for each request: notices to show, and questions that wait."""

from django.utils import timezone

from ..models import PolicyVersion
from .versions import pending_for


def announced_on(request):
    """Every announced version, the oldest first."""
    if not hasattr(request, "announced_policies"):
        request.announced_policies = list(PolicyVersion.objects.announced().order_by("document", "number"))
    return request.announced_policies


def pending_on(request):
    """The versions that wait for the answer of who is logged in."""
    return pending_for(request.user.subject, announced_on(request))


def notices_on(request):
    """The versions that the site tells of, from their announcement until the planned end: to everybody, as mail reaches
    not everybody (R010, R013). Who is logged in is asked by a page of its own once a version may ask for consent."""
    now, is_asked = timezone.now(), request.user.is_authenticated
    return [
        version
        for version in announced_on(request)
        if version.notice_until
        and now < version.notice_until
        and not (is_asked and version.asks_for_consent and version.is_in_force)
    ]
