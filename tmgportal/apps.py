from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "tmgportal"


class PortalAdminConfig(AdminConfig):
    default_site = "tmgportal.admin_site.PortalAdminSite"
