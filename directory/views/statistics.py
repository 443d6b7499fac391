"""Published statistics for everybody: pages with charts, and the same as files (R156)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import conditional_page, etag, require_safe
from django.views.generic import TemplateView

from directory import charts
from directory.spreadsheet import spreadsheet
from privacy.models import Release

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
A_DAY = 24 * 60 * 60
# How a sum over all categories stands in a file.
ALL = {"code": "*", "members": [], "name": {"en": "All", "ja": "すべて"}}


@method_decorator(conditional_page, name="dispatch")
class StatisticsView(TemplateView):
    """The newest release, or that of a month. Who has it already, and no other page around it, is told so."""

    template_name = "directory/statistics.html"

    def get_context_data(self, **kwargs):
        months = list(
            Release.objects.filter(content__isnull=False).order_by("-month").values_list("month", flat=True).distinct()
        )
        month = _month(kwargs["month"]) if "month" in kwargs else next(iter(months), None)
        releases = list(Release.objects.filter(month=month)) if month else []
        if "month" in kwargs and not any(release.content for release in releases):
            raise Http404
        tables = [Published(release) for release in releases if release.content]
        return super().get_context_data(
            **kwargs | {"month": month},
            tables=tables,
            published_at=tables[0].release.published_at if tables else None,
            next_on=_next_month(months[0]) if months else None,
            are_some_missing=len(tables) < len(releases),
            is_newest=month in months[:1],
            earlier=[other for other in months if other != month],
            licence=LICENCE,
        )


@dataclass(frozen=True)
class Published:
    """One table in the reader's language."""

    release: Release

    def _said(self, names):
        return names[get_language()]

    @property
    def key(self):
        return self.release.table

    @property
    def title(self):
        return self._said(self.release.content["title"])

    @property
    def unit(self):
        return self._said(self.release.content["unit"])

    @property
    def heads(self):
        return [self._said(dimension["name"]) for dimension in self._dimensions]

    @property
    def _dimensions(self):
        return self.release.content["dimensions"]

    @cached_property
    def _numbers(self):
        return {tuple(number["at"]): number["count"] for number in self.release.content["numbers"]}

    def _named(self, position):
        """[(code, name)] of a dimension."""
        return [(one["code"], self._said(one["name"])) for one in self._dimensions[position]["categories"]]

    @property
    def series(self):
        """[(code or None, name)]: what stands side by side."""
        return self._named(0) if len(self._dimensions) == 2 else [(None, self.unit)]

    @property
    def _down(self):
        """[(code, name)]: what stands below each other."""
        return self._named(len(self._dimensions) - 1)

    def _at(self, series, code):
        return self._numbers.get((series, code) if len(self._dimensions) == 2 else (code,))

    @property
    def has_sums(self):
        return any(code is None for at in self._numbers for code in at)

    @property
    def rows(self):
        """[(name, numbers as text)], the sums last, and beside two series their sum."""
        columns = [code for code, _name in self.series]
        if len(columns) > 1 and self.has_sums:
            columns.append(None)
        found = [(name, [_written(self._at(series, code)) for series in columns]) for code, name in self._down]
        if self.has_sums:
            found.append((gettext("All"), [_written(self._at(series, None)) for series in columns]))
        return found

    @cached_property
    def chart(self):
        labels = [name for _code, name in self._down]
        values = [[self._at(series, code) for code, _name in self._down] for series, _name in self.series]
        if self.release.content["chart"] == "line":
            return charts.lines(labels, values, [name for _code, name in self.series], _written)
        return charts.bars(labels, values, _written)

    @property
    def description(self):
        """What the chart shows, for whoever hears it."""
        said = {"count": len(self._down), "first": self._down[0][1], "last": self._down[-1][1]}
        if self.release.content["chart"] == "line":
            ends = gettext(", ").join(line.text for line in self.chart.lines)
            return gettext("Lines from %(first)s to %(last)s. At the end: %(ends)s.") % (said | {"ends": ends})
        return gettext("%(count)s bars. Every number stands in the table that follows.") % said


@require_safe
def as_csv(request, month, table):
    """A published table for spreadsheets."""
    return _file(request, _published(month, table), _csv, "csv")


@require_safe
def as_json(request, month, table):
    """A published table for programs."""
    return _file(request, _published(month, table), _json, "json")


def _file(request, release, write, ending):
    @etag(lambda request: f'"{release.digest}-{ending}"')
    def respond(request):
        response = write(release)
        response["Content-Disposition"] = f'attachment; filename="{release.table}-{release.month:%Y-%m}.{ending}"'
        return response

    response = respond(request)
    # A release never changes.
    patch_cache_control(response, public=True, max_age=A_DAY)
    return response


def _csv(release):
    dimensions = release.content["dimensions"]
    found = [{one["code"]: one for one in dimension["categories"]} for dimension in dimensions]
    languages = [code for code, _name in settings.LANGUAGES]
    heads = [f"{dimension['key']}_{column}" for dimension in dimensions for column in ("code", "members", *languages)]
    rows = []
    for number in release.content["numbers"]:
        row = [f"{release.month:%Y-%m}"]
        for code, categories in zip(number["at"], found, strict=True):
            one = categories.get(code, ALL)
            row += [one["code"], " ".join(one["members"]), *(one["name"][language] for language in languages)]
        rows.append([*row, str(number["count"])])
    return HttpResponse(
        spreadsheet([["month", *heads, "count_rounded_to_10"], *rows]), content_type="text/csv; charset=utf-8"
    )


def _json(release):
    return JsonResponse(
        {
            "table": release.table,
            "month": f"{release.month:%Y-%m}",
            "published_at": release.published_at.isoformat(timespec="seconds"),
            "rounded_to": 10,
            "licence": LICENCE,
            "source": settings.SITE_URL,
            **{key: release.content[key] for key in ("title", "unit", "dimensions", "numbers")},
        },
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


def _published(month, table):
    return get_object_or_404(Release, month=_month(month), table=table, content__isnull=False)


def _month(text):
    """The first day of "2026-11"."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None


def _next_month(day):
    return (day + timedelta(days=31)).replace(day=1)


def _written(value):
    return "–" if value is None else number_format(value, force_grouping=True)
