"""The register of disclosures to courts and authorities, and the one place from which an extract leaves (R080-R082)."""

from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import disclosures
from ..declarations import subject_with
from ..handover import passwords
from ..models import Disclosure, Subject
from .acts import Acts, admin_url
from .gated import ReadOnlyAdmin

MAY_HANDLE = "privacy.change_disclosure"


def field_choices():
    """The declared fields, each after the kind of data that it stands in."""
    return sorted(((place, in_words(place)) for place in disclosures.places()), key=lambda choice: choice[1])


def in_words(place):
    """What a place of a declared field is called; its code where nothing declares it any more."""
    kind, label = disclosures.places().get(place, ("", ""))
    return _("%(kind)s: %(field)s") % {"kind": kind, "field": label} if kind else place


class DisclosureForm(forms.ModelForm):
    persons = forms.CharField(
        label=gettext_lazy("About whom"),
        help_text=gettext_lazy("Email addresses or references of the persons, one a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fields = forms.MultipleChoiceField(
        label=gettext_lazy("Fields"),
        help_text=gettext_lazy("As few as the request needs."),
        choices=field_choices,
        widget=forms.SelectMultiple(attrs={"size": 16}),
    )

    class Meta:
        model = Disclosure
        fields = (
            "requester",
            "case_reference",
            "requested_on",
            "ground",
            "article",
            "reasoning",
            "sealed_until",
        )
        widgets = {"reasoning": forms.Textarea(attrs={"rows": 8})}

    def clean_persons(self):
        return [self._ref_of(line.strip()) for line in self.cleaned_data["persons"].splitlines() if line.strip()]

    def _ref_of(self, line):
        try:
            ref = Subject.objects.filter(ref=UUID(line)).values_list("ref", flat=True).first()
        except ValueError:
            key = subject_with(line.lower())
            ref = key and Subject.objects.values_list("ref", flat=True).get(pk=key)
        if ref is None:
            raise ValidationError(_("The portal knows nobody as “%(line)s”."), params={"line": line})
        return ref


class PasswordForm(forms.Form):
    """What stood on the page comes back, as `passwords.new` makes it; none that somebody chose."""

    password = forms.RegexField(r"\A[A-Z2-7]{32}\Z", widget=forms.HiddenInput)


@admin.register(Disclosure)
class DisclosureAdmin(Acts, ReadOnlyAdmin):
    list_display = ["__str__", "requester", "requested_on", "ground", "state"]
    list_filter = ["ground"]
    date_hierarchy = "requested_on"
    acts = {
        "approve": (disclosures.approve, gettext_lazy("Approve as second officer")),
        "refuse": (disclosures.refuse, gettext_lazy("Refuse")),
    }
    shown = [
        *("requester", "case_reference", "requested_on", "ground", "article", "reasoning", "fields_in_words"),
        *("number_of_persons", "sealed_until", "state"),
        *("entered_by", "entered_at", "approved_by", "approved_at", "refused_by", "refused_at"),
        *("extracted_by", "extracted_at"),
    ]
    personal_fields = ["entered_by", "approved_by", "refused_by", "extracted_by"]

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.fields = self.shown

    def has_add_permission(self, request):
        return request.user.has_perm("privacy.add_disclosure")

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else DisclosureForm

    def get_fieldsets(self, request, obj=None):
        if obj:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": [*DisclosureForm.Meta.fields, "persons", "fields"]})]

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def save_model(self, request, disclosure, form, change):
        disclosure.fields = form.cleaned_data["fields"]
        disclosures.enter(disclosure, form.cleaned_data["persons"], by=request.user)

    def log_addition(self, request, row, message):
        """`enter` has written it."""

    def acts_on(self, request, disclosure):
        if not request.user.has_perm(MAY_HANDLE) or disclosure.approved_at or disclosure.refused_at:
            return []
        return ["approve", "refuse"] if disclosure.entered_by_id != request.user.pk else ["refuse"]

    def act_form(self, act, row, data):
        return forms.Form(data)

    def get_urls(self):
        view = self.admin_site.admin_view(self.extract_view)
        return [path("<int:pk>/extract/", view, name="privacy_disclosure_extract"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id) if object_id else None
        if row and row.approved_at and request.user.has_perm(MAY_HANDLE) and hasattr(response, "context_data"):
            response.context_data["acts"] = [(_("Make the extract"), admin_url(row, "extract"))]
        return response

    def extract_view(self, request, pk):
        """A ZIP with a password that is on this page once, and is kept nowhere."""
        row = self.get_queryset(request).filter(pk=pk, approved_at__isnull=False).first()
        if row is None or not request.user.has_perm(MAY_HANDLE):
            raise PermissionDenied
        given = PasswordForm(request.POST)
        if request.method == "POST" and given.is_valid():
            name = f"{row}.json"
            content = disclosures.extract(row, by=request.user)
            sealed = disclosures.sealed(name, content, given.cleaned_data["password"])
            answer = HttpResponse(sealed, content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="{row}.zip"'
            return answer
        form = PasswordForm(initial={"password": passwords.new()})
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": row,
            "title": _("Make the extract"),
            "subtitle": str(row),
            "form": form,
            "password": form["password"].value(),
            "back": admin_url(row),
        }
        return TemplateResponse(request, "admin/privacy/disclosure_extract.html", context)

    @admin.display(description=gettext_lazy("state"))
    def state(self, disclosure):
        if disclosure.refused_at:
            return _("Refused")
        if disclosure.extracted_at:
            return _("Extract made")
        return _("Approved") if disclosure.approved_at else _("Waits for a second officer")

    @admin.display(description=gettext_lazy("fields"))
    def fields_in_words(self, disclosure):
        return ", ".join(map(in_words, disclosure.fields))

    @admin.display(description=gettext_lazy("number of persons"))
    def number_of_persons(self, disclosure):
        return disclosure.subjects.count()
