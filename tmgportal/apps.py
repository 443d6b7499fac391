from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "tmgportal"

    def ready(self):
        # Shared tasks ring at this app's broker.
        from tmgportal import celery  # noqa: F401


class PortalAdminConfig(AdminConfig):
    default_site = "tmgportal.admin_site.PortalAdminSite"
