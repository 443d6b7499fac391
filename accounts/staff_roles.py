"""What each staff role may do: `data/staff_roles.csv` says it, groups carry it, the matrix test reads it.

Once a version is in use, whoever changes the table adds a migration that calls `make_groups` again.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .data import rows


class StaffRole(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    REVIEWER = "registration reviewer", _("Registration reviewer")
    EDITOR = "newsletter editor", _("Newsletter editor")
    OFFICER = "privacy officer", _("Privacy officer")
    AUDITOR = "auditor", _("Auditor")
    CONTRACTOR = "contractor operations", _("Contractor operations")


def permissions_of(role):
    """The permissions of `role` as a set of (app label, model, codename)."""
    return {
        (*row["model"].split("."), _codename(action, row["model"].partition(".")[2]))
        for row in rows("staff_roles.csv")
        if row["role"] == role
        for action in row["actions"].split()
    }


def _codename(action, model):
    return f"{action}_{model}" if action in ("view", "add", "change", "delete") else action


def make_groups(apps):
    """Bring the groups to what the table says; for migrations, so permissions may not exist yet."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    type_model = apps.get_model("contenttypes", "ContentType")
    for role in StaffRole.values:
        group, _created = group_model.objects.get_or_create(name=role)
        granted = []
        for app_label, model, codename in sorted(permissions_of(role)):
            content_type, _created = type_model.objects.get_or_create(app_label=app_label, model=model)
            permission, _created = permission_model.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": codename.replace("_", " ")}
            )
            granted.append(permission)
        group.permissions.set(granted)
