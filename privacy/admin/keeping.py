"""How long data are kept: which times are in force, what is held, and what each run did (R110)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from .. import audit, expiry
from ..models import LegalHold, RetentionOutcome, RetentionResult, RetentionRule, Subject
from ..retention import Retention
from .acts import Acts
from .gated import GatedAdmin, ReadOnlyAdmin


class DecidedAdmin(Acts, ReadOnlyAdmin):
    """Nobody edits these rows; whoever may change them does so by an act."""

    def acts_on(self, request, row):
        may = request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
        return self.acts_now(row) if may else []

    def act_form(self, act, row, data):
        return forms.Form(data)


@admin.register(RetentionRule)
class RetentionRuleAdmin(DecidedAdmin):
    """The times stand in the code, from where every notice takes them; here they are put in force."""

    list_display = ["kind", "when", "action", "is_in_force", "signed_at", "signed_by"]
    list_filter = ["action"]
    fields = ["kind", "when", "action", "reason", "is_in_force", "signed_at", "signed_by"]
    personal_fields = ["signed_by"]
    acts = {
        "sign": (expiry.sign, gettext_lazy("Put in force")),
        "take-back": (expiry.take_back, gettext_lazy("Take out of force")),
    }

    def act_form(self, act, rule, data):
        form = super().act_form(act, rule, data)
        if act == "sign":
            said = {"kind": rule, "when": self.when(rule)}
            form.introduction = _("%(kind)s: %(when)s. From the next run on, whatever is past that is ended.") % said
        return form

    def acts_now(self, rule):
        if rule.kind in expiry.PROMISED:
            return []
        return ["take-back"] if rule.signed_at else ["sign"]

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def is_in_force(self, rule):
        return rule.kind in expiry.in_force()

    @admin.display(description=gettext_lazy("kept until"))
    def when(self, rule):
        return Retention(rule.kind).rule.until

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, rule):
        return Retention(rule.kind).rule.reason


@admin.register(RetentionResult)
class RetentionResultAdmin(DecidedAdmin):
    list_display = ["run_at", "model", "kind", "outcome", "due", "held", "done", "rows"]
    list_filter = ["outcome", "kind", "run__is_dry"]
    list_select_related = ["run"]
    ordering = ["-run", "pk"]
    fields = [
        *("run_at", "is_dry", "model", "kind", "outcome", "rows", "due", "held", "done", "went_with"),
        *("released_at", "released_by"),
    ]
    personal_fields = ["released_by"]
    acts = {"release": (expiry.release, gettext_lazy("Let the next run do this, once"))}

    def acts_now(self, result):
        return ["release"] if result.outcome == RetentionOutcome.STOPPED and not result.released_at else []

    @admin.display(description=gettext_lazy("started"), ordering="run__started_at")
    def run_at(self, result):
        return result.run.started_at

    @admin.display(description=gettext_lazy("only counted"), boolean=True)
    def is_dry(self, result):
        return result.run.is_dry


class LegalHoldForm(forms.ModelForm):
    person = forms.UUIDField(
        label=gettext_lazy("Reference of the person"),
        required=False,
        help_text=gettext_lazy("Empty: everybody’s data of that kind."),
    )

    class Meta:
        model = LegalHold
        fields = ["kind", "reason", "ends_on"]

    def clean_person(self):
        ref = self.cleaned_data["person"]
        subject = Subject.objects.filter(ref=ref).first() if ref else None
        if ref and subject is None:
            raise forms.ValidationError(_("Nobody has this reference."))
        return subject

    def clean(self):
        super().clean()
        if "person" in self.cleaned_data:
            self.instance.subject = self.cleaned_data["person"]
            if not self.instance.subject and not self.cleaned_data.get("kind"):
                raise forms.ValidationError(_("Say which kind of data is held, or whose."))


@admin.register(LegalHold)
class LegalHoldAdmin(GatedAdmin):
    """What is held, and why, stays as it was said; only its last day can change."""

    list_display = ["__str__", "kind", "subject", "ends_on", "placed_at"]
    list_filter = ["kind"]
    list_select_related = ["subject"]
    personal_fields = ["placed_by"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs | ({} if obj else {"form": LegalHoldForm}))

    def get_fields(self, request, obj=None):
        asked = ["kind", "reason", "ends_on"]
        return ["kind", "subject", "reason", "ends_on", "placed_at", "placed_by"] if obj else ["person", *asked]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["kind", "subject", "reason", "placed_at", "placed_by"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def save_model(self, request, hold, form, change):
        if not change:
            hold.placed_by = request.user
        super().save_model(request, hold, form, change)

    def log_addition(self, request, hold, message):
        audit.record(request.user, gettext_noop("legal hold placed"), hold, ends_on=str(hold.ends_on))

    def log_change(self, request, hold, message):
        audit.record(request.user, gettext_noop("legal hold changed"), hold, ends_on=str(hold.ends_on))
