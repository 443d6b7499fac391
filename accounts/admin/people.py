from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from privacy import ledger
from privacy.admin import ReadOnlyAdmin
from privacy.models import Matter
from privacy.purposes import Purpose

from ..models import User
from ..services import operators as services
from ..staff_roles import StaffRole
from .acts import ReasonedActs

# Addresses, second factors and sessions are a person's own, and roles come from a migration: nobody edits them here.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


@admin.register(User)
class UserAdmin(ReasonedActs, ReadOnlyAdmin):
    """Who has a log-in. Roles are given by `manage.py create_staff`; nobody raises themselves here."""

    list_display = ["pk", "email", "side", "is_active", "is_staff", "roles", "date_joined"]
    list_filter = ["side", "is_active", "is_staff"]
    ordering = ["-date_joined"]
    personal_fields = ["email"]
    purpose, subject = Purpose.ACCOUNT, "subject"
    fields = ["email", "side", "is_active", "is_staff", "roles", "date_joined", "said_to_be_of_age", "last_login"]
    acts = {
        "deactivate": (services.deactivate, _("End this person’s access")),
        "reactivate": (services.reactivate, _("Give access back")),
    }

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("staff roles"))
    def roles(self, person):
        return ", ".join(str(StaffRole(group.name).label) for group in person.groups.all()) or "–"

    @admin.display(description=_("said to be 16 or over"))
    def said_to_be_of_age(self, person):
        stated = ledger.state_of(person.ref, Matter.AGE)
        return date_format(timezone.localtime(stated.at), "DATETIME_FORMAT") if stated else None

    def acts_on(self, request, person):
        is_above = person.is_superuser and not request.user.is_superuser
        if not request.user.has_perm("accounts.change_user") or person.pk == request.user.pk or is_above:
            return []
        return ["deactivate" if person.is_active else "reactivate"]
