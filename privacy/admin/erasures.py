"""Whose data are about to be deleted, and what was: an officer can hasten it, or stop it as the person asks (R094)."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy

from .. import erasure
from ..models import Erasure
from .acts import Acts
from .gated import ReadOnlyAdmin


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("under way", gettext_lazy("under way")),
            ("done", gettext_lazy("done")),
            ("called off", gettext_lazy("called off")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "under way":
                return queryset.under_way()
            case "done":
                return queryset.filter(done_at__isnull=False)
            case "called off":
                return queryset.filter(called_off_at__isnull=False)
        return queryset


@admin.register(Erasure)
class ErasureAdmin(Acts, ReadOnlyAdmin):
    list_display = ["__str__", "subject", "frozen_at", "due_at", "is_held", "called_off_at", "done_at"]
    list_filter = [StateFilter, "reason"]
    list_select_related = ["subject"]
    fields = [
        *("subject", "request", "reason", "frozen_at", "due_at", "is_held", "expedited_by", "called_off_at", "done_at"),
        "counts",
    ]
    personal_fields = ["expedited_by"]
    acts = {
        "expedite": (erasure.expedite, gettext_lazy("Delete now, without waiting")),
        "call-off": (erasure.call_off, gettext_lazy("Stop the deletion, as the person asks")),
    }

    def acts_on(self, request, row):
        if not (row.is_under_way and request.user.has_perm("privacy.change_erasure")):
            return []
        return [act for act in self.acts if act != "expedite" or row.due_at > timezone.now()]

    def act_form(self, act, row, data):
        return forms.Form(data)

    @admin.display(description=gettext_lazy("waits for a legal hold"), boolean=True)
    def is_held(self, row):
        return row.is_under_way and erasure.is_held(row)
