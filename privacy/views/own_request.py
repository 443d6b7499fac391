"""One request about the person's own data: where it stands, by when it is answered, and every letter about it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from .. import requests
from ..models import ANSWERED, Request, RequestState, Step
from ..requests import clocks, papers, states

# What concerns only those who answer.
INTERNAL = [Step.REMINDED]


class OwnRequestView(TemplateView):
    """POST takes the request back."""

    template_name = "privacy/request_detail.html"

    @property
    def asked(self):
        """Somebody else's request looks like one that does not exist."""
        mine = Request.objects.filter(subject=self.request.user.subject_id)
        return get_object_or_404(mine, ref=self.kwargs["ref"])

    def get_context_data(self, **kwargs):
        asked = self.asked
        events = list(asked.events.order_by("pk"))
        newest = events[-1]
        return super().get_context_data(
            asked=asked,
            newest=newest,
            is_waiting_for_us=newest.state not in (RequestState.IDENTITY, RequestState.COMPLETION, *ANSWERED),
            is_waiting_for_you=newest.state in (RequestState.IDENTITY, RequestState.COMPLETION),
            is_paper_awaited=papers.is_awaited(asked),
            is_answered=newest.state in ANSWERED,
            why=list(clocks.due(asked, events).governing.in_words()),
            steps=[event for event in events if event.step not in INTERNAL],
            letters=asked.letters.select_related("event").order_by("-pk"),
            can_withdraw=states.is_legal(Step.WITHDRAWN, events),
            **kwargs,
        )

    def post(self, request, ref):
        asked = self.asked
        try:
            requests.withdraw(asked, by=request.user)
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("You have taken back your request %(number)s.") % {"number": asked})
        return redirect("privacy:request", ref)
