"""Published statistics: what was released, what the next release would hold, and releasing it (R156)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from .. import statistics
from ..models import Release
from .gated import ReadOnlyAdmin


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    """Nobody edits a release. Whoever may add one sees before what it would hold."""

    list_display = ["month_in_words", "title", "outcome", "published_at"]
    date_hierarchy = "month"
    fields = ["month_in_words", "title", "table", "outcome", "together", "published_at", "digest"]
    change_list_template = "admin/privacy/release/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.publish_view)
        return [path("publish/", view, name="privacy_release_publish"), *super().get_urls()]

    def publish_view(self, request):
        if not request.user.has_perm("privacy.change_release"):
            raise PermissionDenied
        if request.method == "POST":
            made = statistics.publish_due(by=request.user)
            if made:
                said = ngettext("%(count)s table was decided.", "%(count)s tables were decided.", len(made))
                messages.success(request, said % {"count": len(made)})
            else:
                messages.warning(request, _("This month has its release already. Nothing was published."))
            return redirect("admin:privacy_release_changelist")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Next release"),
            "is_due": statistics.is_due(),
            "outcomes": [
                (outcome.title[get_language()], outcome.content is not None, _together(outcome.content))
                for outcome in statistics.preview(by=request.user)
            ],
        }
        return TemplateResponse(request, "admin/privacy/release/publish.html", context)

    @admin.display(description=gettext_lazy("month"), ordering="month")
    def month_in_words(self, release):
        return date_format(release.month, "YEAR_MONTH_FORMAT")

    @admin.display(description=gettext_lazy("title"))
    def title(self, release):
        return release.content["title"][get_language()] if release.content else release.table

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, release):
        return _("Published") if release.content else _("Refused: too small to be shown")

    @admin.display(description=gettext_lazy("counted together"))
    def together(self, release):
        return " · ".join(_together(release.content)) or "–"


def _together(content):
    """The names of the categories that hold several."""
    found = (one for dimension in (content or {}).get("dimensions", []) for one in dimension["categories"])
    return [
        ngettext("%(name)s (%(count)s category)", "%(name)s (%(count)s categories)", len(one["members"]))
        % {"name": one["name"][get_language()], "count": len(one["members"])}
        for one in found
        if len(one["members"]) > 1
    ]
