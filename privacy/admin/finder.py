"""The finder: every trace of a name, an address or a number. A search is a POST: its term stands in no address."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import finder

MAY_FIND = "privacy.change_request"
AT_ONCE = 50


class FinderForm(forms.Form):
    term = forms.CharField(
        label=gettext_lazy("Name, email address or telephone number"),
        min_length=finder.SHORTEST,
        max_length=200,
        help_text=gettext_lazy("Width, case and blanks do not matter, nor how a telephone number is written."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("For example the number of the request. It stays in the audit: never a personal value."),
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean(self):
        given = super().clean()
        term, reason = given.get("term"), given.get("reason")
        if term and reason and finder.is_named_in(term, reason):
            self.add_error("reason", _("Say why you search; do not repeat what you search for."))
        return given


def finder_view(request):
    if not request.user.has_perm(MAY_FIND):
        raise PermissionDenied
    form = FinderForm(request.POST if request.method == "POST" else None)
    page = None
    if request.method == "POST" and form.is_valid():
        found = finder.look(form.cleaned_data["term"], reason=form.cleaned_data["reason"], by=request.user)
        page = Paginator(found, AT_ONCE).get_page(form.cleaned_data["page"] or 1)
    context = admin.site.each_context(request) | {
        "title": _("Find every trace"),
        "form": form,
        "page": page,
        "traces": [(trace, _page_of(trace, request)) for trace in page or ()],
    }
    return TemplateResponse(request, "admin/privacy/finder.html", context)


def _page_of(trace, request):
    """The address of the row's page in the admin, for whoever may open it; "" otherwise."""
    model = trace.declaration.model
    site = admin.site._registry.get(model)
    if site is None or not site.has_view_permission(request):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[trace.key])
