"""Who may ask for the person: confirmed, denied and revoked by them alone, signed in or by a link in a mail (R091)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView, View

from ..models import AgentKind, Mandate
from ..requests import agents

ACTS = {"confirm": agents.confirm, "deny": agents.deny, "revoke": agents.revoke}
DONE = {
    "confirm": gettext_lazy("You have confirmed it. Now the city looks at the mandate."),
    "deny": gettext_lazy("You have denied it. Nobody is answered in your place."),
    "revoke": gettext_lazy("You have revoked it. From this moment on we answer only you."),
}


def possible(mandate):
    """What the principal can do with it now."""
    if not agents.is_alive(mandate):
        return []
    if mandate.kind == AgentKind.VOLUNTARY and not mandate.confirmed_at:
        return ["confirm", "deny"]
    return ["revoke"]


def do(request, mandate, act, *, by=None):
    """Do the act and say what came of it; an act that is none looks like a page that does not exist."""
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](mandate, by=by)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, DONE[act])


class AgentsView(TemplateView):
    """The agents of the person, each with its buttons; and, for an agent, the requests that they may follow."""

    template_name = "privacy/mandate_list.html"

    def get_context_data(self, **kwargs):
        subject = self.request.user.subject
        own = Mandate.objects.filter(subject=subject)
        return super().get_context_data(
            mandates=[(mandate, possible(mandate)) for mandate in own],
            followed=agents.requests_for(subject, timezone.now()),
            **kwargs,
        )


@require_POST
def act(request, ref, act):
    """Somebody else's mandate, that of an agent included, looks like one that does not exist."""
    mandate = get_object_or_404(Mandate, subject=request.user.subject_id, ref=ref)
    do(request, mandate, act, by=request.user)
    return redirect("privacy:agents")


@method_decorator(never_cache, name="dispatch")
class MandateByLinkView(View):
    """The page behind the link in the mail. Opening it changes nothing, whoever opens it."""

    def get(self, request, token):
        mandate = agents.read(token)
        if mandate is None:
            return render(request, "privacy/mandate_unknown.html", status=404)
        return render(request, "privacy/mandate_detail.html", {"mandate": mandate, "acts": possible(mandate)})

    def post(self, request, token):
        mandate = agents.read(token)
        if mandate is None:
            return render(request, "privacy/mandate_unknown.html", status=404)
        do(request, mandate, request.POST.get("act"))
        return redirect("privacy:mandate-by-link", token)
