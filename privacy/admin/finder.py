"""The finder: every trace of a name, an address or a number. A search is a POST: its term stands in no address."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import finder
from ..models import Request
from .gated import sees_personal_fields

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
    seal = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def clean(self):
        given = super().clean()
        term, reason = given.get("term"), given.get("reason")
        if term and reason and finder.is_named_in(term, reason):
            self.add_error("reason", _("Say why you search; do not repeat what you search for."))
        return given


def finder_view(request):
    """A search is one act: leafing through what it found is not written down again. `?request=`, the key of a request,
    fills the form in with who asks."""
    if not request.user.has_perm(MAY_FIND):
        raise PermissionDenied
    form = FinderForm(request.POST if request.method == "POST" else None, initial=_from_request(request))
    page, seal = None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        leafs = given["page"] is not None
        found, seal = finder.look(
            given["term"], reason=given["reason"], by=request.user, seal=given["seal"] if leafs else ""
        )
        page = Paginator(found, AT_ONCE).get_page(given["page"] or 1)
    context = admin.site.each_context(request) | {
        "title": _("Find every trace"),
        "form": form,
        "page": page,
        "seal": seal,
        "traces": [(trace, _page_of(trace, request)) for trace in page or ()],
    }
    return TemplateResponse(request, "admin/privacy/finder.html", context)


def _from_request(request):
    """The address and the number of the request that is named in the address of the page; reading it is a sight."""
    key = request.GET.get("request", "")
    workbench = admin.site.get_model_admin(Request)
    asked = workbench.get_queryset(request).filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None
    if request.method != "GET" or asked is None or not sees_personal_fields(request, asked):
        return {}
    workbench.record_sight(request, asked)
    account = get_user_model().objects.filter(subject=asked.subject_id).first()
    return {"term": asked.email or (account.email if account else asked.name), "reason": asked.number}


def _page_of(trace, request):
    """The address of the row's page in the admin, for whoever may open it; "" otherwise."""
    model = trace.declaration.model
    site = admin.site._registry.get(model)
    if site is None or not site.has_view_permission(request):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[trace.key])
