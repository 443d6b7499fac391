from django.urls import path

from .views.cookies import CookieSettingsView

app_name = "privacy"

urlpatterns = [
    path("cookie-settings/", CookieSettingsView.as_view(), name="cookie-settings"),
]
