"""Hand-overs on the staff's pages: officers ask, release and read out the password; the recipient's own staff fetch."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .. import handover
from ..handover import bundle, conditions, downloads, instructions, keys, profiles, signatures, stages
from ..models import Export, ExportKind
from ..purposes import Purpose
from .acts import Acts, admin_url
from .gated import ReadOnlyAdmin
from .recipients import NamesRecipient, RecipientFilter

MAY_HANDLE = "privacy.change_export"


class ExportForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("kind"),
        choices=[(kind.value, kind.label) for kind in (ExportKind.PROVISION, ExportKind.REHEARSAL)],
        help_text=gettext_lazy("The recipient opens a rehearsal with each new key before it gets anybody’s data."),
    )

    class Meta:
        model = Export
        fields = ("profile", "kind", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["profile"].required = True

    def clean(self):
        values = super().clean()
        profile, kind = values.get("profile"), values.get("kind")
        if profile and kind:
            now = timezone.now()
            key = keys.valid(profile.recipient, now)
            if problem := conditions.of_hand_over(kind, profile, key, now):
                raise ValidationError(problem.label)
        return values


class ReleaseForm(forms.Form):
    introduction = gettext_lazy(
        "You release exactly what stands on the page before: recipient, purpose, fields and key. If any of it is "
        "changed before the file is built, nothing leaves."
    )


class DigestForm(forms.Form):
    introduction = gettext_lazy(
        "Compute the SHA-256 of the file that arrived. Once you have confirmed it, the file cannot be fetched again, "
        "and the city calls you to read out the password."
    )
    digest = forms.CharField(label=gettext_lazy("SHA-256 of the file"), max_length=200)


class PasswordForm(forms.Form):
    told_to = forms.CharField(
        label=gettext_lazy("Whom you have on the telephone"),
        max_length=100,
        help_text=gettext_lazy("At the number of the key. Have them ready to write: the password is shown once."),
    )


@admin.register(Export)
class ExportAdmin(NamesRecipient, Acts, ReadOnlyAdmin):
    list_display = ["__str__", "kind", "recipient_name", "requested_at", "stage", "turn", "delete_by"]
    list_filter = ["kind", RecipientFilter]
    list_select_related = ["profile", "key"]
    change_form_template = "admin/privacy/export/change_form.html"
    acts = {
        "approve": (handover.approve, gettext_lazy("Release as second officer")),
        "cancel": (handover.cancel, gettext_lazy("Call off the hand-over")),
        "again": (handover.ask_again, gettext_lazy("Ask again")),
        "confirm": (handover.confirm, gettext_lazy("Confirm the digest")),
        "acknowledge": (handover.acknowledge, gettext_lazy("Confirm that it was opened")),
        "destroy": (handover.confirm_destruction, gettext_lazy("Confirm the destruction")),
    }
    consequences = {
        "approve": gettext_lazy(
            "After this the file is built, and the recipient is told to fetch it. You can call it off only until it "
            "has been fetched and its digest confirmed."
        ),
        "cancel": gettext_lazy(
            "After this nobody can fetch it or have its password. This cannot be undone; a new hand-over can be asked "
            "for."
        ),
        "again": gettext_lazy(
            "After this a new hand-over to the same recipient stands in the list. This one stays as it is."
        ),
        "acknowledge": gettext_lazy(
            "After this the city knows that you can read the data. This cannot be undone; what remains is to destroy "
            "them in time and to confirm it."
        ),
        "destroy": gettext_lazy(
            "After this the hand-over is over. This cannot be undone: confirm it only once every copy is destroyed."
        ),
    }
    asks = {"approve": ReleaseForm, "confirm": DigestForm}
    personal_fields = [
        *("requested_by", "approved_by", "cancelled_by", "password_read_by", "confirmed_by", "acknowledged_by"),
        "destroyed_by",
    ]
    # By stage. Without the digest for the recipient's staff: they name it, of what arrived.
    sections = [
        (
            gettext_lazy("What is handed over"),
            ["kind", "recipient_name", "purpose_in_words", "fields_in_words", "rows_in_words", "withheld_in_words"],
            ["recalls", "profile", "form_in_words", "reason"],
        ),
        (
            gettext_lazy("Request and release"),
            [],
            [
                "requested_by",
                "requested_at",
                "approved_by",
                "approved_at",
                "cancelled_by",
                "cancelled_at",
                "fingerprint",
            ],
        ),
        (
            gettext_lazy("The file"),
            ["built_at", "size_in_words", "expires_at", "confirmed_by", "confirmed_at"],
            ["problem_in_words", "key", "sha256", "refused_digests"],
        ),
        (
            gettext_lazy("The password"),
            ["password_read_at"],
            ["telephone", "password_read_by", "password_read_to"],
        ),
        (
            gettext_lazy("At the recipient"),
            ["acknowledged_by", "acknowledged_at", "delete_by", "destroyed_by", "destroyed_at"],
            [],
        ),
    ]

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.fields = [name for _title, *names in self.sections for name in sum(names, [])]

    def get_queryset(self, request):
        """The recipient's staff see what was built for their company, and nothing else."""
        rows = admin.ModelAdmin.get_queryset(self, request)
        return rows.filter(pk__in=downloads.offered_to(request.user)) if request.user.recipient else rows

    def has_add_permission(self, request):
        return request.user.has_perm("privacy.add_export") and not request.user.recipient

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else ExportForm

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ExportForm.Meta.fields})]
        found = [
            (title, everybodys if request.user.recipient else [*everybodys, *the_citys])
            for title, everybodys, the_citys in self.sections
        ]
        return [(title, {"fields": self._gated(request, names)}) for title, names in found if names]

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def save_form(self, request, form, change):
        return handover.request(
            form.cleaned_data["profile"],
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )

    def save_model(self, request, export, form, change):
        """`request` has saved it."""

    def save_related(self, request, form, formsets, change):
        """There is nothing related to save."""

    def log_addition(self, request, row, message):
        """`request` has written it."""

    def acts_on(self, request, export):
        acts = self._of_the_recipient(export) if request.user.recipient else self._of_the_city(request, export)
        return [act for act in self.acts if act in acts]

    def _of_the_recipient(self, export):
        if export.confirmed_at is None:
            return [] if downloads.refusal(export, timezone.now()) else ["confirm"]
        opened = ["acknowledge"] if export.password_read_at and not export.acknowledged_at else []
        return opened + ([] if export.destroyed_at else ["destroy"])

    def _of_the_city(self, request, export):
        if not request.user.has_perm(MAY_HANDLE) or export.cancelled_at:
            return []
        if export.confirmed_at:
            return [] if export.destroyed_at else ["destroy"]
        if export.failed_at or (export.expires_at and export.expires_at <= timezone.now()):
            return ["again"] if export.profile else []
        waits = handover.waits_for_release(export) and export.requested_by_id != request.user.pk
        return ["approve", "cancel"] if waits else ["cancel"]

    def act_form(self, act, row, data):
        return self.asks.get(act, forms.Form)(data)

    def get_urls(self):
        view = self.admin_site.admin_view(self.password_view)
        return [path("<int:pk>/password/", view, name="privacy_export_password"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        extra = {"files": self._files(request, row), "next": self._next(request, row)} if row else {}
        response = super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))
        if row and self._may_read_password(request, row) and hasattr(response, "context_data"):
            response.context_data["acts"].insert(0, (_("Read out the password"), admin_url(row, "password")))
        return response

    def _next(self, request, export):
        """What is done next, by whom, in the words of whoever reads it."""
        now = handover.stage(export)
        turn, to_the_city, to_the_recipient = stages.NEXT[now]
        said = to_the_recipient if request.user.recipient else to_the_city
        return {"stage": now.label, "turn": turn.label, "said": said, "is_late": now == stages.Stage.OVERDUE}

    def _may_read_password(self, request, export):
        may = request.user.has_perm(MAY_HANDLE) and not request.user.recipient
        return may and export.confirmed_at and not export.password_read_at and not export.destroyed_at

    def _files(self, request, export):
        """(name, address) of what the recipient's staff can fetch now."""
        if not request.user.recipient or downloads.refusal(export, timezone.now()):
            return []
        names = [export.file_name, export.file_name + signatures.SUFFIX, bundle.MANIFEST]
        names += [instructions.file_name(language) for language in ("en", "ja")]
        return [(name, reverse("privacy:hand-over-file", args=[export.ref, name])) for name in names]

    def password_view(self, request, pk):
        """Shown once, to an officer of the city with the recipient on the telephone; then it is kept nowhere."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None or not self._may_read_password(request, row):
            raise PermissionDenied
        form = PasswordForm(request.POST if request.method == "POST" else None)
        password = None
        if request.method == "POST" and form.is_valid():
            try:
                password = handover.read_password(row, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": row,
            "title": _("Read out the password"),
            "subtitle": str(row),
            "form": form,
            "password": password,
            "telephone": row.key.telephone,
            "back": admin_url(row),
        }
        return TemplateResponse(request, "admin/privacy/export/password.html", context)

    @admin.display(description=gettext_lazy("whose turn"))
    def turn(self, export):
        return stages.NEXT[handover.stage(export)][0].label

    @admin.display(description=gettext_lazy("rows"))
    def rows_in_words(self, export):
        return export.rows if export.built_at else "–"

    @admin.display(description=gettext_lazy("rows without identifying fields"))
    def withheld_in_words(self, export):
        return export.withheld if export.built_at else "–"

    @admin.display(description=gettext_lazy("size"))
    def size_in_words(self, export):
        return filesizeformat(export.size) if export.built_at else "–"

    @admin.display(description=gettext_lazy("state"))
    def stage(self, export):
        return handover.stage(export).label

    @admin.display(description=gettext_lazy("purpose"))
    def purpose_in_words(self, export):
        purpose = handover.purpose_of(export)
        return Purpose(purpose).label if purpose else "–"

    @admin.display(description=gettext_lazy("fields"))
    def fields_in_words(self, export):
        if export.profile is None:
            return _("Keys of rows, and what is to be done with each.")
        said = export.manifest.get("fields") or profiles.described(export.profile)
        language, least = get_language(), _("%(field)s (minimum)")
        lines = (least % {"field": one[language]} if one["minimum"] else one[language] for one in said)
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))

    @admin.display(description=gettext_lazy("form"))
    def form_in_words(self, export):
        is_sheet = export.profile and profiles.form(export.profile, timezone.now()) == profiles.SPREADSHEET
        return _("Spreadsheet with a password (exception)") if is_sheet else _("Sealed bundle")

    @admin.display(description=gettext_lazy("telephone number for passwords"))
    def telephone(self, export):
        return export.key.telephone if export.key else "–"

    @admin.display(description=gettext_lazy("problem"))
    def problem_in_words(self, export):
        return conditions.Problem(export.problem).label if export.problem else "–"

    @admin.display(description=gettext_lazy("wrong digests named"))
    def refused_digests(self, export):
        return downloads.refused_digests(export)
