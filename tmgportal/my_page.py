from django.utils.translation import get_language
from django.views.generic import TemplateView

from accounts.models import EDITING, JoinRequest, Registration, Role, registration_model
from directory import completeness
from directory.models import Listing, ListingDraft
from directory.shown import Shown
from networking.models import Introduction

LATEST = 5


class MyPageView(TemplateView):
    """What waits for the person and where things stand, put together from the parts of every app."""

    template_name = "tmgportal/my_page.html"

    def get_context_data(self, **kwargs):
        person = self.request.user
        memberships = list(person.memberships.select_related("operator").order_by("operator__business_name", "pk"))
        membership = next((one for one in memberships if one.operator_id == person.acting_for_id), None)
        closing = person.subject.erasures.under_way().first()
        context = super().get_context_data(memberships=memberships, membership=membership, closing=closing, **kwargs)
        if membership is None:
            return context
        operator = membership.operator
        registration = registration_model(operator.side).objects.filter(operator=operator).order_by("-pk").first()
        return context | {
            "operator": operator,
            "can_edit": membership.role in EDITING,
            "registration": registration,
            "is_change": bool(
                registration and operator.approved_at and registration.status != Registration.Status.APPROVED
            ),
            "is_missing_tokyo_office": bool(operator.approved_at) and not operator.in_cross_view,
            "join_requests": JoinRequest.objects.filter(operator=operator, answered_at=None).count()
            if membership.role == Role.OWNER
            else 0,
            **_listing(operator),
            "introductions": _introductions(operator),
            "saved": _saved(person),
        }


def _listing(operator):
    draft = ListingDraft.objects.filter(operator=operator).select_related("operator").first()
    return {
        "draft": draft,
        "todo": [task for task in completeness.tasks(draft) if not task.is_done] if draft else [],
        "is_published": Listing.objects.filter(operator=operator).exists(),
    }


def _introductions(operator):
    received = Introduction.objects.filter(recipient=operator).select_related("sender")[:LATEST]
    return [(introduction, introduction.sender.name(get_language())) for introduction in received]


def _saved(person):
    """What the person saved and may still see, latest first."""
    visible = Listing.objects.visible_to(person).filter(operator__in=person.saved.values("operator"))
    order = {saved.operator_id: number for number, saved in enumerate(person.saved.all())}
    latest = sorted(visible, key=lambda listing: order[listing.operator_id])[:LATEST]
    return [Shown(listing) for listing in latest]
