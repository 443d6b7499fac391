from django.urls import path

from .views import policies
from .views.cookies import CookieSettingsView

app_name = "privacy"

urlpatterns = [
    path("policies/", policies.PolicyListView.as_view(), name="policy-list"),
    path("policies/feed/", policies.PolicyFeed(), name="policy-feed"),
    path("policies/<slug:document>/", policies.PolicyView.as_view(), name="policy"),
    path("policies/<slug:document>/<int:number>/", policies.PolicyView.as_view(), name="policy-version"),
    path("policies/<slug:document>/<int:number>/accept/", policies.accept, name="policy-accept"),
    path("policies/<slug:document>/<int:number>/decline/", policies.decline, name="policy-decline"),
    path(
        "policies/<slug:document>/<int:old>/<int:new>/",
        policies.PolicyDifferenceView.as_view(),
        name="policy-difference",
    ),
    path("consent/", policies.ConsentRequestView.as_view(), name="consent-request"),
    path("cookie-settings/", CookieSettingsView.as_view(), name="cookie-settings"),
]
