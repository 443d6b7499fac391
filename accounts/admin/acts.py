from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from .facts import admin_url
from .forms import ReasonForm


class ReasonedActs:
    """Acts on one row that staff give a reason for: a button on its page leads to a page that asks for it.

    `acts`: {name: (service(row, by=, reason=), title)}; `acts_on(request, row)` names those that `request.user` may do.
    """

    acts = {}
    change_form_template = "admin/accounts/with_acts.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<int:pk>/decide/<str:act>/", self.admin_site.admin_view(self.act_view), name=name)] + (
            super().get_urls()
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        acts = self.acts_on(request, row) if row else []
        links = [(self.acts[act][1], admin_url(row, "act", act)) for act in acts]
        return super().changeform_view(request, object_id, form_url, {"acts": links} | (extra_context or {}))

    def act_form(self, act, row, data):
        """What is asked before the act; its answers are the arguments of the service."""
        return ReasonForm(data)

    def act_view(self, request, pk, act):
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None or act not in self.acts_on(request, row):
            raise PermissionDenied
        service, title = self.acts[act]
        form = self.act_form(act, row, request.POST or None)
        if request.method == "POST" and form.is_valid():
            service(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Done, and recorded in the audit."))
            return redirect(admin_url(row))
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": row,
            "title": title,
            "subtitle": str(row),
            "form": form,
            "back": admin_url(row),
        }
        return TemplateResponse(request, "admin/accounts/decide.html", context)
