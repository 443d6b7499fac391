from django.urls import path

from . import views

app_name = "networking"
urlpatterns = [
    path("", views.IntroductionListView.as_view(), name="introduction-list"),
    path(
        "to/<uuid:ref>/",
        views.IntroductionCreateView.as_view(),
        name="introduction-create",
    ),
    path(
        "<uuid:ref>/",
        views.IntroductionDetailView.as_view(),
        name="introduction-detail",
    ),
    path(
        "<uuid:ref>/report/",
        views.IntroductionReportView.as_view(),
        name="introduction-report",
    ),
]
