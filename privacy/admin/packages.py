"""Copies of people's data as officers and auditors see them: who asked for which, when, and what became of it.

What is in a copy is for whom it is about; nothing here shows it (R092). Who has no address gets it by post: an officer
downloads it, locked with a password that goes in a letter of its own.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.debug import sensitive_post_parameters

from .. import packages, requests
from ..handover import passwords
from ..models import Package
from ..requests import copies
from .acts import admin_url
from .disclosures import PasswordForm
from .gated import ReadOnlyAdmin

MAY_ANSWER = "privacy.change_request"

# {state: (label, its rows now)}
STATES = {
    "being made": (gettext_lazy("being made"), lambda now: Q(built_at=None, failed_at=None)),
    "ready": (gettext_lazy("ready"), lambda now: Q(built_at__isnull=False, fetched_at=None, expires_at__gt=now)),
    "fetched": (gettext_lazy("fetched"), lambda now: Q(fetched_at__isnull=False)),
    "over": (gettext_lazy("not fetched in time"), lambda now: Q(fetched_at=None, expires_at__lte=now)),
    "failed": (gettext_lazy("failed"), lambda now: Q(failed_at__isnull=False)),
}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state, label) for state, (label, _rows) in STATES.items()]

    def queryset(self, request, queryset):
        if self.value() not in STATES:
            return queryset
        return queryset.filter(STATES[self.value()][1](timezone.now()))


@admin.register(Package)
class PackageAdmin(ReadOnlyAdmin):
    list_display = [
        *("__str__", "subject", "state", "asked_for", "asked_at", "built_at", "fetched_at", "gone_at"),
        "allowed_by",
    ]
    list_filter = [StateFilter, "form"]
    list_select_related = ["subject", "request"]
    search_fields = ["=subject__ref", "=request__pk"]
    search_help_text = gettext_lazy("The reference of the person, or the last digits of the number of the request")
    show_full_result_count = False
    date_hierarchy = "asked_at"
    fields = [
        *("subject", "form", "state", "asked_for", "asked_at", "size", "built_at", "failed_at", "expires_at"),
        *("fetched_at", "gone_at", "allowed_by"),
    ]
    personal_fields = ["allowed_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    @admin.display(description=gettext_lazy("state"))
    def state(self, package):
        return state_of(package)

    @admin.display(description=gettext_lazy("request"))
    def asked_for(self, package):
        asked = package.request
        return format_html('<a href="{}">{}</a>', admin_url(asked), asked.number) if asked else "–"

    @admin.display(description=gettext_lazy("deleted"))
    def gone_at(self, package):
        gone_at = packages.gone_at(package)
        is_gone = gone_at and gone_at <= timezone.now()
        return date_format(timezone.localtime(gone_at), "DATETIME_FORMAT") if is_gone else "–"


def state_of(package):
    """The state of a copy in a word or two."""
    if package.failed_at:
        return STATES["failed"][0]
    if package.fetched_at:
        return STATES["fetched"][0]
    if not package.built_at:
        return STATES["being made"][0]
    return STATES["ready" if package.expires_at > timezone.now() else "over"][0]


class Copies:
    """For the admin of requests: the copies on the page of each, and the download of one that goes by post."""

    def get_urls(self):
        view = self.admin_site.admin_view(sensitive_post_parameters("password")(self.copy_for_letter))
        return [path("<int:pk>/copy/", view, name="privacy_request_copy"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        asked = self.get_object(request, object_id) if object_id else None
        context = {"copies": self._copies(request, asked), "copy_url": self._copy_url(request, asked)} if asked else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _copies(self, request, asked):
        may_open = request.user.has_perm("privacy.view_package")
        return [
            {"package": one, "state": state_of(one), "url": admin_url(one) if may_open else ""}
            for one in asked.packages.defer("content")
        ]

    def _copy_url(self, request, asked):
        """The page of the download, as long as there is something to post."""
        return admin_url(asked, "copy") if _may_post(request.user) and copies.for_letter(asked) else ""

    def copy_for_letter(self, request, pk):
        """The password stands here once, before the download that it opens, and is kept nowhere."""
        if not _may_post(request.user):
            raise PermissionDenied
        asked = get_object_or_404(self.get_queryset(request), pk=pk)
        given = PasswordForm(request.POST)
        if request.method == "POST" and given.is_valid():
            return self._download(request, asked, given.cleaned_data["password"])
        if copies.for_letter(asked) is None:
            messages.warning(request, _("There is no copy that waits to be posted."))
            return redirect(admin_url(asked))
        form = PasswordForm(initial={"password": passwords.new()})
        password = form["password"].value()
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": asked,
            "title": _("Download the copy for a letter"),
            "subtitle": str(asked),
            "form": form,
            "password": password,
            "language": asked.language,
            "letter": _letter(asked, password),
            "back": admin_url(asked),
        }
        return TemplateResponse(request, "admin/privacy/request/copy.html", context)

    def _download(self, request, asked, password):
        last = asked.packages.defer("content").first()
        try:
            has_begun = bool(last) and packages.has_begun(request.session, last)
            content = requests.fetch_for_letter(asked, password, by=request.user, has_begun=has_begun)
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
            return redirect(admin_url(asked))
        packages.note_begun(request.session, last)
        answer = HttpResponse(content, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{asked.number}.zip"'
        return answer


def _may_post(user):
    """Staff of a company never: it is the city that answers."""
    return user.has_perm(MAY_ANSWER) and not user.recipient


def _letter(asked, password):
    """What to write to the person about the password, in their language."""
    with override(asked.language):
        return _(
            "Your copy (%(number)s) opens with this password, typed without the spaces: %(password)s\n"
            "Windows cannot open it by itself: use 7-Zip (7-zip.org, free of charge), and begin with index.html or "
            "data.json."
        ) % {"number": asked.number, "password": passwords.spoken(password)}
