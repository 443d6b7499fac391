"""A person's own page, and for which of their operators they act."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import View

from ..forms.person import LanguageForm, OperatorForm
from ..models import Operator
from ..services import membership, people
from ..templatetags.accounts import called


class PersonView(View):
    """Language, operators, and the ways to the log-in's own pages."""

    def get(self, request):
        return self.page(LanguageForm(initial={"language": request.user.language}))

    def post(self, request):
        form = LanguageForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        people.choose_language(request.user, form.cleaned_data["language"])
        messages.success(request, _("From now on we write to you in this language."))
        return redirect("accounts:person")

    def page(self, form):
        memberships = self.request.user.memberships.select_related("operator").order_by("pk")
        return render(self.request, "accounts/person.html", {"form": form, "memberships": memberships})


@require_POST
def switch_operator(request):
    """From now on act for the operator named by `operator`."""
    form = OperatorForm(request.POST)
    if not form.is_valid():
        raise Http404
    operator = get_object_or_404(Operator.objects.of(request.user), ref=form.cleaned_data["operator"])
    membership.switch_operator(request.user, operator)
    messages.success(request, _("You now act for %(operator)s.") % {"operator": called(operator)})
    return redirect("my-page")
