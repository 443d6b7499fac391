"""Every address of the portal, under /en/ and /ja/ alike. `LocaleMiddleware` leads from / to one of them."""

from functools import partial

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from privacy.views.cookies import gpc
from privacy.views.handover import allowed_signers
from privacy.views.receipts import key_file
from tmgportal import views
from tmgportal.my_page import MyPageView

# Addresses that the policies had before.
FORMER = ["privacy", "terms", "cookies", "site-policy"]
former = partial(RedirectView.as_view, permanent=True)

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path(".well-known/gpc.json", gpc, name="gpc"),
    path(".well-known/consent-ledger-key.pem", key_file, name="ledger-key"),
    path(".well-known/handover-allowed-signers", allowed_signers, name="allowed-signers"),
    path("favicon.ico", RedirectView.as_view(url=lazy(staticfiles_storage.url, str)("favicon.ico")), name="favicon"),
]

localised = [
    path("", views.HomeView.as_view(), name="home"),
    *(path(f"{slug}/", views.PageView.as_view(slug=slug), name=slug) for slug in views.PAGES),
    *(path(f"{slug}/", former(pattern_name="privacy:policy"), {"document": slug}, f"former-{slug}") for slug in FORMER),
    path("my-page/", MyPageView.as_view(), name="my-page"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("privacy.urls")),
    path("", include("accounts.urls")),
    path("partners/", include("directory.urls")),
    path("statistics/", include("directory.statistics_urls")),
    path("inquiries/", include("inquiries.urls")),
    path("introductions/", include("networking.urls")),
]
if settings.DEMONSTRATION:
    localised.append(path("mailbox/", include("outbox.urls")))

urlpatterns += i18n_patterns(*localised)
handler400 = "tmgportal.views.bad_request"
