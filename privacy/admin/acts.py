"""Acts on one row: a button on its page leads to a page that asks what the act needs, and says what was done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _


class Acts:
    """For a `ModelAdmin`. `acts`: {name: (service(row, by=, **answers), title)}; `acts_on(request, row)` names those
    that `request.user` may do now; `act_form(act, row, data)` is what is asked before. `consequences` says of an act
    what happens then. What is in `shown_again` is done once its answers were shown again and confirmed. What a service
    refuses with a `ValidationError` stands on the form.
    """

    acts = {}
    consequences = {}
    shown_again = frozenset()
    change_form_template = "admin/with_acts.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<int:pk>/decide/<str:act>/", self.admin_site.admin_view(self.act_view), name=name)] + (
            super().get_urls()
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        acts = self.acts_on(request, row) if row else []
        links = [(self.acts[act][1], admin_url(row, "act", act)) for act in acts]
        return super().changeform_view(request, object_id, form_url, {"acts": links} | (extra_context or {}))

    def act_view(self, request, pk, act):
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None or act not in self.acts_on(request, row):
            raise PermissionDenied
        service, title = self.acts[act]
        form = self.act_form(act, row, request.POST if request.method == "POST" else None)
        is_valid = request.method == "POST" and form.is_valid()
        is_confirmed = act not in self.shown_again or "confirmed" in request.POST
        if is_valid and is_confirmed:
            try:
                service(row, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, _("Done, and recorded in the audit."))
                return redirect(admin_url(row))
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": row,
            "title": title,
            "subtitle": str(row),
            "form": form,
            "consequence": self.consequences.get(act, ""),
            "answers": _in_words(form) if is_valid and not is_confirmed and "change" not in request.POST else [],
            "back": admin_url(row),
        }
        return TemplateResponse(request, "admin/decide.html", context)


def _in_words(form):
    """[(label, [what was chosen or typed])] of a form that is valid."""
    said = []
    for field in form:
        value = form.cleaned_data[field.name]
        labels = {str(key): label for key, label in getattr(field.field, "choices", ())}
        values = value if isinstance(value, list) else [value]
        said.append((field.label, [labels.get(str(one), one) for one in values if one not in ("", None)]))
    return said


def admin_url(row, suffix="change", *arguments):
    """The address of the row's page in the admin, or of another of its pages."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{suffix}", args=[row.pk, *arguments])
