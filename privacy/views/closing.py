"""Closing one's account: what happens, what stays, and a week to think again (R064, R094)."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from .. import endings, erasure, ledger
from ..models import ErasureReason

CONSEQUENCE = gettext_lazy("I understand that nobody can bring my account and my data back after that.")


class ClosingForm(forms.Form):
    understood = forms.BooleanField(label=CONSEQUENCE)


class ClosingView(FormView):
    """Explains, and starts the deletion; while one is under way it says until when that can be stopped."""

    template_name = "privacy/closing.html"
    form_class = ClosingForm

    def get_context_data(self, **kwargs):
        person = self.request.user
        return super().get_context_data(
            erasure=person.subject.erasures.under_way().first(),
            cooling_off=erasure.COOLING_OFF.days,
            consequences=endings.consequences_for(person.subject),
            **kwargs,
        )

    def form_valid(self, form):
        # Once the password is typed, the form comes here again, by way of that page.
        raise_if_reauthentication_required(self.request, app="account")
        if self.request.user.is_staff:
            form.add_error(None, _("Accounts of the city's staff are closed by the administrator, not here."))
            return self.form_invalid(form)
        proof = ledger.proof_of(self.request, "closing", served=CONSEQUENCE) | {"surface": "privacy:closing"}
        erasure.start(
            self.request.user.subject,
            ErasureReason.CLOSURE,
            by=self.request.user,
            language=get_language(),
            proof=proof,
        )
        messages.success(self.request, _("Your account is being closed. We have sent you a mail about it."))
        return redirect("privacy:closing")


@require_POST
@reauthentication_required
def call_off(request):
    under_way = request.user.subject.erasures.under_way().first()
    if under_way is None:
        messages.info(request, _("Nothing is being deleted."))
        return redirect("privacy:centre")
    try:
        erasure.call_off(under_way, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your account stays. Nothing was deleted."))
    return redirect("privacy:centre")
