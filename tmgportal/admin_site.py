from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmgportal.staff_overview import waiting_for


def _site_name():
    return settings.SITE_NAME["ja" if get_language() == "ja" else "en"]


class PortalAdminSite(AdminSite):
    """The staff's pages. Staff log in where everybody does, with the same limits and second factors."""

    # The queue needs the width; the breadcrumbs lead back to all lists.
    enable_nav_sidebar = False
    site_header = site_title = lazy(_site_name, str)()
    index_title = _("Overview")

    def index(self, request, extra_context=None):
        return super().index(request, {"waiting": waiting_for(request.user)} | (extra_context or {}))

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

    def password_change(self, request, extra_context=None):
        """Where everybody changes it, with a limit on tries and a notice by mail."""
        return redirect("account_change_password")
