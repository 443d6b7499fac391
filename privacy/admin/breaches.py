"""The register of breaches, with the clocks of both laws (L06)."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from .. import audit, breaches
from ..models import Breach, Export
from .acts import Acts
from .gated import GatedAdmin

ENTERED = (
    *("kind", "aware_at", "occurred", "description", "consequences", "measures", "affected", "is_malicious", "risk"),
    *("told_text_en", "told_text_ja"),
)


class Moment(forms.DateTimeInput):
    """One field with one label, where the admin's own has two without."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class NotedForm(forms.Form):
    at = forms.DateTimeField(label=gettext_lazy("When"), widget=Moment, initial=timezone.now)


class LateForm(NotedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reasons for the delay, after 72 hours"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )


class ExportForm(forms.Form):
    export = forms.ModelChoiceField(
        label=gettext_lazy("Hand-over"), queryset=Export.objects.filter(built_at__isnull=False).order_by("-pk")
    )


class SightsForm(forms.Form):
    account = forms.ModelChoiceField(
        label=gettext_lazy("Staff account"), queryset=get_user_model().objects.filter(is_staff=True).order_by("pk")
    )
    since = forms.DateTimeField(label=gettext_lazy("From"), widget=Moment)
    until = forms.DateTimeField(label=gettext_lazy("Until"), widget=Moment, initial=timezone.now)


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why what was not reported need not be"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )


def written(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _noting(field):
    def service(breach, *, at, by, reason=""):
        breaches.note(breach, field, at, by=by, reason=reason)

    return service


@admin.register(Breach)
class BreachAdmin(Acts, GatedAdmin):
    list_display = ["__str__", "kind", "aware_at", "affected", "risk", "next_duty", "closed_at"]
    list_filter = ["kind", "risk"]
    date_hierarchy = "aware_at"
    fields = [*ENTERED, "duties", "persons_found", "entered_by", "closed_at", "not_reported_reason", "delay_reason"]
    readonly_fields = [
        *("duties", "persons_found", "entered_by", "closed_at", "not_reported_reason", "delay_reason"),
    ]
    personal_fields = ["entered_by"]
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": Moment}}
    acts = {field: (_noting(field), label) for field, label in breaches.NOTED.items()} | {
        "affected_by_export": (breaches.affected_by_export, gettext_lazy("Find the persons of a hand-over")),
        "affected_by_sights": (breaches.affected_by_sights, gettext_lazy("Find whose data an account saw")),
        "tell": (breaches.tell, gettext_lazy("Tell the affected persons by email")),
        "close": (breaches.close, gettext_lazy("Close the case")),
    }
    asks = {
        "authority_told_at": LateForm,
        "preliminary_at": NotedForm,
        "final_at": NotedForm,
        "affected_by_export": ExportForm,
        "affected_by_sights": SightsForm,
        "tell": forms.Form,
        "close": CloseForm,
    }

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.closed_at)

    def get_fields(self, request, obj=None):
        return super().get_fields(request, obj) if obj else ENTERED

    def get_readonly_fields(self, request, obj=None):
        # From when the clocks run is said once.
        return [*super().get_readonly_fields(request, obj), *(["aware_at"] if obj else [])]

    def save_model(self, request, breach, form, change):
        if change:
            super().save_model(request, breach, form, change)
        else:
            breaches.enter(breach, by=request.user)

    def log_addition(self, request, row, message):
        """`enter` has written it."""

    def log_change(self, request, row, message):
        fields = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        audit.record(request.user, gettext_noop("breach changed"), row, fields=fields)

    def acts_on(self, request, breach):
        if not self.has_change_permission(request, breach):
            return []
        noted = [clock.field for clock in breaches.clocks(breach) if clock.done_at]
        return [act for act in self.acts if act not in noted and not (act == "tell" and breach.persons_told_at)]

    def act_form(self, act, row, data):
        return self.asks[act](data)

    @admin.display(description=gettext_lazy("duties"))
    def duties(self, breach):
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in self._lines(breach)))
        )

    @admin.display(description=gettext_lazy("next duty"))
    def next_duty(self, breach):
        waiting = [clock for clock in breaches.clocks(breach) if clock.is_open] if breach.closed_at is None else []
        return self._line(min(waiting, key=lambda clock: clock.due_at)) if waiting else "–"

    @admin.display(description=gettext_lazy("persons found"))
    def persons_found(self, breach):
        return breach.subjects.count()

    def _lines(self, breach):
        return [self._line(clock) for clock in breaches.clocks(breach)]

    def _line(self, clock):
        said = {
            "duty": clock.duty,
            "due": written(clock.due_at),
            "done": clock.done_at and written(clock.done_at),
        }
        if clock.done_at:
            return _("%(duty)s: done %(done)s") % said
        if not clock.is_owed:
            return _("%(duty)s: not owed, as far as entered") % said
        if clock.is_overdue(timezone.now()):
            return _("%(duty)s: overdue since %(due)s") % said
        return _("%(duty)s: by %(due)s") % said
