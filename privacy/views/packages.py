"""Copies of one's own data: asked for, made in the background, fetched once (R092, R097, PR6)."""

import json

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView, TemplateView

from .. import packages, requests
from ..data import text
from ..models import Package, PackageForm
from ..packages.portability import VERSION

FILE_NAMES = {PackageForm.ACCESS: "my-data.zip", PackageForm.PORTABILITY: "my-data-for-other-services.zip"}


def own(request, ref):
    """Somebody else's copy looks like one that does not exist."""
    mine = Package.objects.filter(subject=request.user.subject_id).defer("content")
    return get_object_or_404(mine, ref=ref)


def standing(request, package):
    return {
        "package": package,
        "refusal": packages.refusal(package, has_begun=packages.has_begun(request.session, package)),
        "is_being_made": not package.built_at and not package.failed_at,
    }


class CopyForm(forms.Form):
    form = forms.ChoiceField(label=gettext_lazy("What do you need the copy for?"), choices=PackageForm)


@method_decorator(reauthentication_required, name="post")
class CopiesView(FormView):
    """What was asked for so far, and one button for each form. POST has a copy made."""

    template_name = "privacy/package_list.html"
    form_class = CopyForm

    def get_context_data(self, **kwargs):
        subject = self.request.user.subject
        mine = subject.packages.defer("content").order_by("-pk")[:20]
        return super().get_context_data(
            packages=[standing(self.request, package) for package in mine],
            offers=[(form, packages.possible_from(subject, form)) for form in PackageForm],
            **kwargs,
        )

    def form_valid(self, form):
        try:
            package, is_new = requests.ask_for_copy(self.request.user, form.cleaned_data["form"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if not is_new:
            messages.info(self.request, _("You have asked for this copy already; here it is."))
        return redirect("privacy:package", package.ref)


@method_decorator(never_cache, name="dispatch")
class CopyView(TemplateView):
    """How far it is; then the button that fetches it. Reloading the page is a link: nothing moves by itself.

    The password is asked before the button is shown: a download that began under the page that asks for it would leave
    nothing to see.
    """

    template_name = "privacy/package_detail.html"

    def get_context_data(self, ref, **kwargs):
        found = standing(self.request, own(self.request, ref))
        if not found["refusal"]:
            raise_if_reauthentication_required(self.request, app="account")
        return super().get_context_data(**found, **kwargs)


@require_POST
@never_cache
def fetch(request, ref):
    """The archive, to whom it is about and who has just proved to be them; anything else is refused, and said."""
    package = own(request, ref)
    if is_reauthentication_required(request, app="account"):
        return redirect("privacy:package", ref)
    try:
        has_begun = packages.has_begun(request.session, package)
        content = packages.fetch(package, by=request.user, has_begun=has_begun)
    except ValidationError:
        return TemplateResponse(request, "privacy/package_detail.html", standing(request, package), status=410)
    packages.note_begun(request.session, package)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAMES[package.form]}"'
    return answer


@require_safe
def schema(request, version):
    """The JSON Schema of `data.json` in a copy for other services."""
    if version != VERSION:
        raise Http404
    return JsonResponse(json.loads(text("portability.schema.json")))
