import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..sides import Side
from .operator import EDITING, Operator, Role
from .user import User


class MembershipQuerySet(models.QuerySet):
    def owners(self):
        return self.filter(role=Role.OWNER)

    def who_may_edit(self):
        return self.filter(role__in=EDITING)


class Membership(models.Model):
    """A person acts for an operator. `side` repeats both sides, so that foreign keys hold them equal."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    operator = models.ForeignKey(Operator, models.CASCADE, related_name="memberships", verbose_name=_("operator"))
    side = models.CharField(_("side"), max_length=8, choices=Side, editable=False)
    role = models.CharField(_("role"), max_length=6, choices=Role)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "operator"], name="membership_once")]

    def __str__(self):
        return f"{self.operator} · {self.get_role_display()}"


class JoinRequest(models.Model):
    """Somebody says they belong to an operator; its owners answer. The asker learns nothing of the operator before."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="join_requests", verbose_name=_("person"))
    operator = models.ForeignKey(
        Operator,
        models.CASCADE,
        related_name="join_requests",
        verbose_name=_("operator"),
    )
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    accepted = models.BooleanField(_("accepted"), null=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "operator"],
                condition=models.Q(answered_at__isnull=True),
                name="join_request_open_once",
            )
        ]

    def __str__(self):
        return str(self.ref)
