import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..normalise import company_key
from ..sides import Side
from .business import (
    DOMESTIC_FIELDS,
    OVERSEAS_FIELDS,
    Business,
    DomesticBusiness,
    DomesticPeople,
    OverseasBusiness,
    People,
)
from .operator import Operator
from .user import User


class RegistrationQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(status__in=Registration.CLOSED)

    def sent(self):
        """What staff may see: a draft is the applicant's own."""
        return self.exclude(status=Registration.Status.DRAFT)

    def waiting_for_staff(self):
        return self.filter(status__in=Registration.WAITING_FOR_STAFF)

    def overdue_on(self, day):
        return self.waiting_for_staff().filter(due_on__lt=day)

    def of(self, person):
        return self.filter(operator__memberships__user=person)


class Registration(Business, People):
    """What an operator proposes: its first application, and every later change of a reviewed field."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Sent")
        IN_REVIEW = "in review", _("Being checked")
        CHANGES_REQUESTED = "changes requested", _("Reply needed")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    CLOSED = (Status.APPROVED, Status.DECLINED)
    EDITABLE = (Status.DRAFT, Status.CHANGES_REQUESTED)
    WAITING_FOR_STAFF = (Status.SUBMITTED, Status.IN_REVIEW)

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Null until it is sent: there is one of each number, but many drafts.
    reference = models.CharField(  # noqa: DJ001
        _("reference number"), max_length=20, unique=True, null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=17, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("answer due on"), null=True, blank=True, editable=False)
    reviewer = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    # {field name: what staff ask about it}
    requested_changes = models.JSONField(_("changes asked for"), default=dict, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["due_on", "pk"]

    def __str__(self):
        return f"{self.reference or _('Draft')} · {self.business_name}"

    def save(self, *args, **kwargs):
        self.business_name_key = company_key(self.business_name)[:100]
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {
                *kwargs["update_fields"],
                "business_name_key",
                "updated_at",
            }
        super().save(*args, **kwargs)

    @property
    def is_editable(self):
        return self.status in self.EDITABLE

    @property
    def is_first(self):
        """Whether this is the first application; the operator keeps the moment at which that was approved."""
        approved_at = self.operator.approved_at
        return approved_at is None or (self.submitted_at is not None and self.submitted_at < approved_at)

    @property
    def is_waiting_for_staff(self):
        return self.status in self.WAITING_FOR_STAFF

    @property
    def is_overdue(self):
        return self.is_waiting_for_staff and self.due_on < timezone.localdate()

    @property
    def values(self):
        """{registered field: proposed value}"""
        return {name: getattr(self, name) for name in self.FIELDS}

    @property
    def changes(self):
        """What approving would change: a list of (field name, live value, proposed value)."""
        live = self.operator.values
        return [(name, live[name], proposed) for name, proposed in self.values.items() if live[name] != proposed]


def _constraints(name):
    open_states = ["draft", "submitted", "in review", "changes requested"]
    return [
        models.UniqueConstraint(
            fields=["operator"],
            condition=models.Q(status__in=open_states),
            name=f"{name}_open_once",
        ),
        models.CheckConstraint(
            condition=models.Q(status="draft")
            | models.Q(
                reference__isnull=False,
                submitted_at__isnull=False,
                due_on__isnull=False,
            ),
            name=f"{name}_sent_has_reference",
        ),
    ]


class DomesticRegistration(Registration, DomesticBusiness, DomesticPeople):
    FIELDS = DOMESTIC_FIELDS
    SIDE = Side.DOMESTIC

    operator = models.ForeignKey(
        Operator,
        models.CASCADE,
        related_name="domestic_registrations",
        verbose_name=_("operator"),
    )

    class Meta(Registration.Meta):
        verbose_name = _("Tokyo registration")
        verbose_name_plural = _("Tokyo registrations")
        constraints = _constraints("domestic_registration")


class OverseasRegistration(Registration, OverseasBusiness):
    FIELDS = OVERSEAS_FIELDS
    SIDE = Side.OVERSEAS

    operator = models.ForeignKey(
        Operator,
        models.CASCADE,
        related_name="overseas_registrations",
        verbose_name=_("operator"),
    )

    class Meta(Registration.Meta):
        verbose_name = _("overseas registration")
        verbose_name_plural = _("overseas registrations")
        constraints = _constraints("overseas_registration")


def registration_model(side):
    return DomesticRegistration if side == Side.DOMESTIC else OverseasRegistration


class Decision(models.Model):
    """What staff decided about a registration: who, when, why (R150)."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes requested", _("Changes asked for")
        DECLINED = "declined", _("Declined")

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="decisions", verbose_name=_("operator"))
    reference = models.CharField(_("reference number"), max_length=20)
    outcome = models.CharField(_("outcome"), max_length=17, choices=Outcome)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    at = models.DateTimeField(_("decided"), auto_now_add=True)
    # Codes of accounts.reasons, which say themselves in both languages.
    reasons = models.JSONField(_("reasons"), default=list)
    # {field name: what staff ask about it}
    fields = models.JSONField(_("fields"), default=dict)
    note = models.TextField(_("note to the applicant"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.reference} · {self.get_outcome_display()}"
