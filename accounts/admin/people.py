from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.admin import ReadOnlyAdmin

from ..models import User
from ..services import operators as services
from ..staff_roles import StaffRole
from .forms import ReasonForm


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Who has a log-in. Roles are given by `manage.py create_staff`; nobody raises themselves here."""

    list_display = ["pk", "email", "side", "is_active", "is_staff", "roles", "date_joined"]
    list_filter = ["side", "is_active", "is_staff"]
    ordering = ["-date_joined"]
    personal_fields = ["email"]
    fields = ["email", "side", "is_active", "is_staff", "roles", "date_joined", "attested_at", "last_login"]
    change_form_template = "admin/accounts/operator.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("staff roles"))
    def roles(self, person):
        return ", ".join(str(StaffRole(group.name).label) for group in person.groups.all()) or "–"

    def get_urls(self):
        view = self.admin_site.admin_view(self.deactivate_view)
        return [path("<int:pk>/deactivate/", view, name="accounts_user_deactivate"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        person = self.get_object(request, object_id)
        context = {}
        if person and self._may_deactivate(request, person):
            context = {"act_url": reverse("admin:accounts_user_deactivate", args=[person.pk]), "act": _("Deactivate")}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def deactivate_view(self, request, pk):
        person = get_object_or_404(User, pk=pk)
        if not self._may_deactivate(request, person):
            raise PermissionDenied
        back = reverse("admin:accounts_user_change", args=[pk])
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.deactivate(person, by=request.user, **form.cleaned_data)
            messages.success(request, _("The person is logged out everywhere and cannot log in any more."))
            return redirect(back)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": person,
            "title": _("Deactivate"),
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/accounts/decide.html", context)

    def _may_deactivate(self, request, person):
        is_above = person.is_superuser and not request.user.is_superuser
        return (
            request.user.has_perm("accounts.change_user")
            and person.is_active
            and person.pk != request.user.pk
            and not is_above
        )
