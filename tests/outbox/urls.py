"""The portal's addresses with the mailbox, which only a demonstration has."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tmgportal.urls import urlpatterns as portal

urlpatterns = [*portal, *i18n_patterns(path("mailbox/", include("outbox.urls")))]
