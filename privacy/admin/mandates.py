"""Mandates: a named officer acknowledges or refuses each, after a look at the papers (R091, L08)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from ..models import Mandate
from ..purposes import Purpose
from ..requests import agents
from .acts import Acts
from .gated import ReadOnlyAdmin

MAY_DECIDE = "privacy.change_mandate"


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it refused?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AcknowledgementForm(forms.Form):
    introduction = gettext_lazy(
        "Look at the papers of the request first: who the person is, who the agent is, what the mandate covers."
    )


@admin.register(Mandate)
class MandateAdmin(Acts, ReadOnlyAdmin):
    list_display = ["number", "kind", "standing", "valid_until"]
    list_filter = ["kind"]
    date_hierarchy = "valid_until"
    fields = [
        *("subject", "agent", "kind", "agent_name", "agent_email", "may_ask_for", "valid_until", "standing"),
        *("confirmed_at", "denied_at", "revoked_at", "acknowledged_at", "refused_at", "decided_by", "reason"),
    ]
    readonly_fields = ["may_ask_for", "standing"]
    personal_fields = ["agent_name", "agent_email", "reason", "decided_by"]
    purpose, subject = Purpose.RIGHTS, "subject"
    acts = {
        "acknowledge": (agents.acknowledge, gettext_lazy("Acknowledge the mandate")),
        "refuse": (agents.refuse, gettext_lazy("Refuse the mandate")),
        "revoke": (agents.revoke, gettext_lazy("The person revokes it")),
    }

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, mandate):
        return f"#{mandate.pk}"

    @admin.display(description=gettext_lazy("state"))
    def standing(self, mandate):
        return mandate.standing

    @admin.display(description=gettext_lazy("may ask for"))
    def may_ask_for(self, mandate):
        return ", ".join(str(one) for one in mandate.scope_in_words)

    def acts_on(self, request, mandate):
        if not request.user.has_perm(MAY_DECIDE) or not agents.is_alive(mandate):
            return []
        return ["revoke"] if mandate.acknowledged_at else ["acknowledge", "refuse", "revoke"]

    def act_form(self, act, mandate, data):
        match act:
            case "refuse":
                return RefusalForm(data)
            case "acknowledge":
                return AcknowledgementForm(data)
        return forms.Form(data)
