"""What a page needs to know of policies, read once for each request: notices to show, and questions that wait."""

from django.utils import timezone

from ..models import ChangeClass, CurrentState, Matter, PolicyVersion
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
    not everybody (R010, R013); but not to whom answered already."""
    now = timezone.now()
    running = [version for version in announced_on(request) if version.notice_until and now < version.notice_until]
    if not running or not request.user.is_authenticated:
        return running
    said = CurrentState.objects.filter(
        subject_ref=request.user.ref, matter__in=[Matter.POLICY, Matter.REFUSED_POLICY]
    ).values_list("document", "version")
    return [
        version
        for version in running
        if version.change_class != ChangeClass.CONSENT
        or not any(document == version.document and number >= version.number for document, number in said)
    ]
