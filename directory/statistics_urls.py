"""Published statistics: pages and files for everybody, and so not among the pages for partners."""

from django.urls import path, re_path

from .views import statistics

app_name = "statistics"
MONTH = r"(?P<month>\d{4}-\d{2})"
TABLE = r"(?P<table>[a-z-]{1,40})"

urlpatterns = [
    path("", statistics.StatisticsView.as_view(), name="newest"),
    re_path(rf"^{MONTH}/$", statistics.StatisticsView.as_view(), name="month"),
    re_path(rf"^{MONTH}/{TABLE}\.csv$", statistics.as_csv, name="csv"),
    re_path(rf"^{MONTH}/{TABLE}\.json$", statistics.as_json, name="json"),
]
