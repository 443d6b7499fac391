from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "tmgportal"

    def ready(self):
        # Shared tasks ring at this app's broker; and the system checks.
        from tmgportal import celery, checks  # noqa: F401


class PortalAdminConfig(AdminConfig):
    default_site = "tmgportal.admin_site.PortalAdminSite"
