"""What is proven by a typed code."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.models import Subject
from privacy.models.codes import TypedCode

from .membership import Membership
from .operator import Operator, Role
from .user import User


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Not used up, and made by somebody who could still make it: who is no member any more lets nobody in, and who
        is no owner any more makes nobody one."""
        inviter = Membership.objects.filter(
            user=models.OuterRef("invited_by"), operator=models.OuterRef("operator"), user__is_active=True
        )
        return self.filter(
            models.Exists(inviter.owners()) | ~models.Q(role=Role.OWNER) & models.Exists(inviter.who_may_edit()),
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
        )


class Invitation(TypedCode):
    """A colleague is asked to join. Without an address it is a code handed over in person (R030: no other field)."""

    LIFETIME = timedelta(days=7)

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="invitations", verbose_name=_("operator"))
    email = models.EmailField(_("email address"), blank=True)
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.EDITOR)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("invited by"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return str(self.ref)


class AddressProof(TypedCode):
    """The person in charge has another address than the account: it must read a code before it is used."""

    operator = models.ForeignKey(
        Operator,
        models.CASCADE,
        related_name="address_proofs",
        verbose_name=_("operator"),
    )
    email = models.EmailField(_("email address"))
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    # Who reads this address, from when they were told that they are named (C12): once, however often they are named.
    told = models.ForeignKey(
        Subject, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("person told")
    )

    class Meta:
        verbose_name = _("proof of an address")
        verbose_name_plural = _("proofs of addresses")
        constraints = [models.UniqueConstraint(fields=["operator", "email"], name="address_proof_once")]

    def __str__(self):
        return str(self.ref)
