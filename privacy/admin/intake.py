"""What reaches the city by letter, by telephone or at the counter: officers enter it, and the papers with it."""

from datetime import datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .. import requests
from ..declarations import subject_with
from ..models import AgentKind, Channel, PaperKind, Regime, RequestKind, Subject
from ..requests import agents, papers
from .acts import admin_url

MAY_ENTER = "privacy.add_request"
MAY_ANSWER = "privacy.change_request"
MAY_OPEN = "privacy.view_sealedpaper"
BY_HAND = (Channel.PAPER, Channel.TELEPHONE, Channel.COUNTER)
NOT_BEFORE = timedelta(days=366)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryForm(forms.Form):
    """Of the agent all is needed, or nothing."""

    AGENT = ("agent_kind", "agent_name", "agent_email", "agent_scope", "agent_until")

    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"), choices=[(one.value, one.label) for one in BY_HAND], widget=forms.RadioSelect
    )
    received_on = forms.DateField(
        label=gettext_lazy("Day of receipt"),
        widget=DATE,
        help_text=gettext_lazy("The day on which it reached the city. From this day on the time of the law counts."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        required=False,
        help_text=gettext_lazy("Without one our letters go on paper."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is asked"), choices=RequestKind)
    regimes = forms.MultipleChoiceField(
        label=gettext_lazy("Laws"), choices=Regime, widget=forms.CheckboxSelectMultiple, initial=list(Regime)
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"), choices=Subject._meta.get_field("language").choices
    )
    text = forms.CharField(
        label=gettext_lazy("What the person wrote or said"), max_length=4000, required=False, widget=forms.Textarea
    )
    agent_kind = forms.ChoiceField(
        label=gettext_lazy("Asked by an agent"),
        choices=[("", gettext_lazy("No, by the person")), *AgentKind.choices],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    agent_name = forms.CharField(label=gettext_lazy("Name of the agent"), max_length=100, required=False)
    agent_email = forms.EmailField(label=gettext_lazy("Email address of the agent"), required=False)
    agent_scope = forms.MultipleChoiceField(
        label=gettext_lazy("The mandate is for"),
        choices=RequestKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agent_until = forms.DateField(
        label=gettext_lazy("The mandate is valid until the end of"), required=False, widget=DATE
    )

    def clean_received_on(self):
        day, today = self.cleaned_data["received_on"], timezone.localdate()
        if day > today:
            raise ValidationError(_("This day has not come yet."))
        if day < today - NOT_BEFORE:
            raise ValidationError(_("This day is more than a year ago. Is the year right?"))
        return day

    def clean_email(self):
        # As addresses are kept: in a letter they are written as people like.
        return self.cleaned_data["email"].lower()

    def clean_agent_email(self):
        return self.cleaned_data["agent_email"].lower()

    def clean_agent_until(self):
        day = self.cleaned_data["agent_until"]
        if day and day < timezone.localdate():
            raise ValidationError(_("The mandate must be valid for some time from now on."))
        return day

    def clean(self):
        answers = super().clean()
        given = [name for name in self.AGENT if answers.get(name)]
        missing = [name for name in self.AGENT if given and not answers.get(name) and name not in self.errors]
        for name in missing:
            self.add_error(name, _("Of an agent this is needed, too."))
        email = answers.get("agent_email", "")
        if email and email == answers.get("email", ""):
            self.add_error("agent_email", _("This is the address of the person. Nobody is their own agent."))
        return answers


class PaperEntryForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PaperKind, widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF, JPEG or PNG file of up to 5 MB."),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file")},
    )


@transaction.atomic
def enter(answers, *, by):
    """Take a request as an officer typed it (`EntryForm.cleaned_data`). Returns the request, and whether it is new.

    The person is found by the address, and otherwise new: who has a name in common is not the same person.
    """
    subject = _subject(answers["email"], answers["language"])
    day = answers["received_on"]
    is_today = day == timezone.localdate()
    mandate = None
    if answers["agent_kind"]:
        mandate = agents.propose(
            subject,
            _subject(answers["agent_email"], answers["language"]),
            name=answers["agent_name"],
            email=answers["agent_email"],
            kind=answers["agent_kind"],
            scope=answers["agent_scope"],
            valid_until=_begin_of(answers["agent_until"] + timedelta(days=1)),
            by=by,
        )
    return requests.receive(
        subject,
        answers["kind"],
        answers["text"],
        by=by,
        channel=answers["channel"],
        regimes=answers["regimes"],
        received_at=timezone.now() if is_today else _begin_of(day),
        name=answers["name"],
        email=answers["email"],
        language=answers["language"],
        mandate=mandate,
        entered_by=by,
    )


def _subject(email, language):
    key = subject_with(email) if email else None
    return Subject.objects.get(pk=key) if key else Subject.objects.create(language=language)


def _begin_of(day):
    return timezone.make_aware(datetime.combine(day, time.min))


class Intake:
    """For the admin of requests: its page to enter one, and the papers on the page of each."""

    def get_urls(self):
        own = [
            path("<int:pk>/papers/add/", self.admin_site.admin_view(self.paper_add), name="privacy_request_paper_add"),
            path("<int:pk>/papers/<int:paper>/", self.admin_site.admin_view(self.paper), name="privacy_request_paper"),
        ]
        return own + super().get_urls()

    def has_add_permission(self, request):
        return request.user.has_perm(MAY_ENTER)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EntryForm(
            request.POST if request.method == "POST" else None,
            initial={"received_on": timezone.localdate(), "language": get_language()},
        )
        if request.method == "POST" and form.is_valid():
            asked, is_new = enter(form.cleaned_data, by=request.user)
            if is_new:
                messages.success(request, _("Done, and recorded in the audit."))
            else:
                messages.info(request, _("This request was entered before; here it is."))
            return redirect(admin_url(asked))
        return self._form(request, form, _("Enter a request"), reverse("admin:privacy_request_changelist"))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        asked = self.get_object(request, object_id) if object_id else None
        context = {"papers": self._papers(request, asked)} if asked else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _papers(self, request, asked):
        may_open, may_add = _may_open(request.user), request.user.has_perm(MAY_ANSWER)
        return {
            "rows": asked.papers.defer("content"),
            "may_open": may_open,
            "add_url": reverse("admin:privacy_request_paper_add", args=[asked.pk]) if may_add else "",
            "mandate": asked.mandate,
            "mandate_url": admin_url(asked.mandate)
            if asked.mandate and request.user.has_perm("privacy.view_mandate")
            else "",
        }

    def paper_add(self, request, pk):
        if not request.user.has_perm(MAY_ANSWER):
            raise PermissionDenied
        asked = get_object_or_404(self.get_queryset(request), pk=pk)
        is_sent = request.method == "POST"
        form = PaperEntryForm(*((request.POST, request.FILES) if is_sent else ()))
        if is_sent and form.is_valid():
            try:
                papers.enter(asked, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                messages.success(request, _("Done, and recorded in the audit."))
                return redirect(admin_url(asked))
        return self._form(request, form, _("Add a paper"), admin_url(asked), original=asked)

    def paper(self, request, pk, paper):
        """The file, for whoever may open papers and nobody else. A browser only keeps it, and runs nothing in it."""
        if not _may_open(request.user):
            raise PermissionDenied
        asked = get_object_or_404(self.get_queryset(request), pk=pk)
        row = get_object_or_404(asked.papers.select_related("request"), pk=paper)
        try:
            content = papers.fetch(row, by=request.user)
        except ValidationError as refusal:
            return HttpResponse(" ".join(refusal.messages), status=410, content_type="text/plain; charset=utf-8")
        answer = HttpResponse(content, content_type=row.media_type)
        name = f"{row.request.number}-{row.pk}.{papers.ENDINGS[row.media_type]}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["Cache-Control"] = "no-store"
        return answer

    def _form(self, request, form, title, back, original=None):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": original,
            "title": title,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/privacy/request/enter.html", context)


def _may_open(user):
    """Staff of a company never: papers are for the city's own officers."""
    return user.has_perm(MAY_OPEN) and not user.recipient
