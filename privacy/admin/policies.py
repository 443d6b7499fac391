"""Where staff write the next version of a policy, see whom it binds, announce it, and follow its mails."""

from datetime import UTC, datetime

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from ..models import ChangeClass, Document, PolicyVersion, Recipient
from ..policies import difference, drafting, in_force, notices, publishing, rendering
from ..purposes import Purpose
from .gated import ReadOnlyAdmin

MAY_WRITE = "privacy.change_policyversion"
MAY_BEGIN = "privacy.add_policyversion"
LONGEST_TEXT, LONGEST_SUMMARY = 100_000, 2_000
# What a typed moment may be; outside of it, it is a slip.
EARLIEST, LATEST = datetime(2000, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class MomentField(forms.DateTimeField):
    """A moment in Tokyo's time, which the form takes without seconds."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "size": 20}, format="%Y-%m-%dT%H:%M")

    def clean(self, value):
        moment = super().clean(value)
        if moment and not EARLIEST <= moment < LATEST:
            raise ValidationError(_("Give a year between 2000 and 2099."))
        return moment


class TextField(forms.CharField):
    def __init__(self, *, language, rows, **options):
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": rows, "lang": language}), **options)

    def clean(self, value):
        return super().clean(value.replace("\r\n", "\n") if value else value)


class DraftForm(forms.Form):
    """A draft may be incomplete; what is missing, the page before the announcement says."""

    # Whatever else is empty is missing in the end.
    optional_fields = {"enacted_on"}
    seen = forms.CharField(widget=forms.HiddenInput)
    change_class = forms.ChoiceField(
        label=gettext_lazy("Kind of change"), choices=ChangeClass, widget=forms.RadioSelect, required=True
    )
    effective_at = MomentField(
        label=gettext_lazy("Takes effect (Tokyo time)"),
        required=False,
        help_text=gettext_lazy("An editorial change without a moment takes effect when it is announced."),
    )
    notify_from = MomentField(
        label=gettext_lazy("Mails leave from (Tokyo time)"),
        required=False,
        help_text=gettext_lazy("At least two weeks before the version takes effect. Editorial changes need no mail."),
    )
    notice_until = MomentField(
        label=gettext_lazy("Notice on the site until (Tokyo time)"),
        required=False,
        help_text=gettext_lazy("It appears with the announcement, and stays at least until the version takes effect."),
    )
    enacted_on = forms.DateField(
        label=gettext_lazy("Enacted on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "size": 12}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Without this day the page says that the city has not enacted the text yet."),
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes that this version states"),
        choices=Purpose,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recipients = forms.MultipleChoiceField(
        label=gettext_lazy("Recipients that this version states"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A new purpose or recipient needs a version that asks for consent."),
    )

    def __init__(self, *args, draft, **kwargs):
        texts = {text.language: text for text in draft.texts.all()}
        initial = {name: getattr(draft, name) for name in drafting.FIELDS} | {"seen": drafting.stamp(draft)}
        for language in drafting.LANGUAGES:
            text = texts.get(language)
            initial |= {f"summary_{language}": text and text.summary, f"body_{language}": text and text.body}
        super().__init__(*args, initial=initial, **kwargs)
        if draft.document == Document.PRIVACY:
            self.fields["recipients"].choices = _recipient_choices()
        else:
            del self.fields["purposes"], self.fields["recipients"]
        for language in drafting.LANGUAGES:
            name = get_language_info(language)["name_translated"]
            self.fields[f"summary_{language}"] = TextField(
                label=_("What changes, in %(language)s") % {"language": name},
                language=language,
                rows=4,
                max_length=LONGEST_SUMMARY,
                help_text=_("A few sentences. They are mailed, and stand in the change history."),
            )
            self.fields[f"body_{language}"] = TextField(
                label=_("Text in %(language)s") % {"language": name},
                language=language,
                rows=30,
                max_length=LONGEST_TEXT,
                help_text=_("Markdown. Alone on a line, these names stand for what the registers say: %(names)s")
                % {"names": ", ".join(f"[[{name}]]" for name in rendering.DIRECTIVES)},
            )

    @property
    def sides(self):
        """The fields of the texts, the languages side by side."""
        return [[self[f"{name}_{language}"] for language in drafting.LANGUAGES] for name in ("summary", "body")]

    @property
    def others(self):
        return [field for field in self.visible_fields() if not field.name.startswith(("summary_", "body_"))]

    def clean(self):
        return {"purposes": [], "recipients": []} | super().clean()


def _recipient_choices():
    names = {recipient.code: recipient.name(get_language()) for recipient in Recipient.objects.order_by("valid_from")}
    return sorted(names.items())


def _recipient_names(codes):
    names = dict(_recipient_choices())
    return [names.get(code, code) for code in codes]


def _purpose_names(codes):
    return [str(Purpose(code).label) for code in codes]


class BeginForm(forms.Form):
    document = forms.ChoiceField(
        label=gettext_lazy("Which document changes?"), choices=Document, widget=forms.RadioSelect
    )


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    list_display = ["document", "number", "state", "change_class", "effective_at", "enacted_on"]
    list_filter = ["document", "change_class"]
    fields = [
        *["document", "number", "state", "change_class", "effective_at", "enacted_on"],
        *["stated_purposes", "stated_recipients", "notify_from", "notice_until"],
        *["announced_at", "announced_by", "hash"],
    ]
    readonly_fields = ["state", "stated_purposes", "stated_recipients"]
    personal_fields = ["announced_by"]
    change_form_template = "admin/privacy/policyversion.html"
    ACTS = {
        "write": gettext_lazy("Write"),
        "check": gettext_lazy("Check and announce"),
        "discard": gettext_lazy("Discard"),
    }

    @admin.display(description=gettext_lazy("state"))
    def state(self, version):
        if version.announced_at is None:
            return _("Draft")
        if not version.is_in_force:
            return _("Announced")
        return _("In force") if version == in_force(version.document) else _("Superseded")

    @admin.display(description=gettext_lazy("purposes"))
    def stated_purposes(self, version):
        return ", ".join(_purpose_names(version.purposes))

    @admin.display(description=gettext_lazy("recipients"))
    def stated_recipients(self, version):
        return ", ".join(_recipient_names(version.recipients))

    def has_add_permission(self, request):
        return request.user.has_perm(MAY_BEGIN)

    def get_urls(self):
        act = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/decide/<str:act>/", act, name="privacy_policyversion_act"), *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """Which document; the draft begins as its newest text."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BeginForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            draft = drafting.start(form.cleaned_data["document"], by=request.user)
            return redirect(self._address(draft, "write"))
        return self._page(request, "begin", title=_("Begin the next version"), form=form)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        version = self.get_object(request, object_id)
        context = self._about(request, version) if version else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _about(self, request, version):
        is_draft = version.announced_at is None
        may_write = is_draft and request.user.has_perm(MAY_WRITE)
        is_mailed = not is_draft and version.notify_from and version.change_class != ChangeClass.EDITORIAL
        return {
            "acts": [(title, self._address(version, act)) for act, title in self.ACTS.items()] if may_write else [],
            "texts": _texts(version),
            "progress": notices.progress(version) if is_mailed and version.notice_until else None,
            "is_stalled": version in notices.stalled() if is_mailed else False,
        }

    def act_view(self, request, pk, act):
        if not request.user.has_perm(MAY_WRITE):
            raise PermissionDenied
        version = get_object_or_404(PolicyVersion, pk=pk)
        if act not in self.ACTS or version.announced_at:
            messages.warning(request, _("This version is announced; from now on nothing in it changes."))
            return redirect(self._address(version))
        return getattr(self, f"_{act}")(request, version)

    def _write(self, request, draft):
        form, theirs = DraftForm(request.POST or None, draft=draft), []
        if request.method == "POST" and form.is_valid():
            try:
                draft = drafting.save(draft, form.cleaned_data, seen=form.cleaned_data["seen"], by=request.user)
                messages.success(request, _("The draft is saved. Nobody sees it before it is announced."))
                return redirect(self._address(draft, "check" if "check" in request.POST else "write"))
            except drafting.Stale:
                theirs = _texts(draft)
                # What was typed stays, and holds when it is sent again: it has been seen beside the other.
                form.data = form.data.copy()
                form.data["seen"] = drafting.stamp(draft)
        return self._page(request, "write", draft, form=form, theirs=theirs)

    def _check(self, request, draft):
        faults = list(publishing.faults_of(draft))
        if request.method == "POST":
            try:
                version = publishing.announce(draft, seen=request.POST.get("seen", ""), by=request.user)
                messages.success(request, _("The version is announced. It can be read at its address from now on."))
                return redirect(self._address(version))
            except drafting.Stale:
                messages.warning(request, _("Somebody has changed the draft meanwhile. Please check it again."))
                return redirect(self._address(draft, "check"))
            except ValidationError as error:
                faults = error.messages
        before = drafting.newest_announced(draft.document)
        purposes, recipients = publishing.added_uses(draft, before)
        return self._page(
            request,
            "check",
            draft,
            faults=faults,
            seen=drafting.stamp(draft),
            before=before,
            people=notices.audience(draft).count(),
            added=_purpose_names(purposes) + _recipient_names(recipients),
            texts=_texts(draft, before),
        )

    def _discard(self, request, draft):
        if request.method == "POST":
            try:
                drafting.discard(draft, seen=request.POST.get("seen", ""), by=request.user)
                messages.success(request, _("The draft is discarded."))
                return redirect("admin:privacy_policyversion_changelist")
            except drafting.Stale:
                messages.warning(request, _("Somebody has changed the draft meanwhile. Please look at it again."))
        return self._page(request, "discard", draft, seen=drafting.stamp(draft))

    def _page(self, request, act, draft=None, *, title="", **context):
        context |= self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": draft,
            "title": title or self.ACTS[act],
            "subtitle": str(draft) if draft else None,
            "back": self._address(draft) if draft else reverse("admin:privacy_policyversion_changelist"),
        }
        return TemplateResponse(request, f"admin/privacy/policy_{act}.html", context)

    def _address(self, version, act=None):
        if act:
            return reverse("admin:privacy_policyversion_act", args=[version.pk, act])
        return reverse("admin:privacy_policyversion_change", args=[version.pk])


def _texts(version, before=None):
    """What a version says in each language, and how it differs from the one before."""
    former = dict(before.texts.values_list("language", "body")) if before else {}
    return [
        {
            "language": text.language,
            "name": get_language_info(text.language)["name_translated"],
            "summary": text.summary,
            "source": text.body,
            "body": rendering.rendered(text),
            "rows": difference.rows(former.get(text.language, ""), text.body),
        }
        for text in version.texts.order_by("language")
    ]
