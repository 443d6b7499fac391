import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.models import Subject

from ..sides import Side
from .business import (
    DOMESTIC_FIELDS,
    OVERSEAS_FIELDS,
    PEOPLE_FIELDS,
    Business,
    DomesticBusiness,
    DomesticPeople,
    OverseasBusiness,
    People,
)


class Role(models.TextChoices):
    """What a member may do for an operator."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    READER = "reader", _("Reader")


EDITING = (Role.OWNER, Role.EDITOR)


class OperatorQuerySet(models.QuerySet):
    def in_cross_view(self):
        return self.filter(in_cross_view=True)

    def of(self, person):
        return self.filter(memberships__user=person)

    def managed_by(self, person):
        """The operators for which this person may write and publish: as owner or editor."""
        return self.filter(memberships__user=person, memberships__role__in=EDITING)


class ShownContact(models.TextChoices):
    """What the owner may show to the other side."""

    CONTACT_NAME = "contact_name", _("Name of the person in charge")
    CONTACT_TELEPHONE = "contact_telephone", _("Telephone of the person in charge")
    CONTACT_EMAIL = "contact_email", _("Email of the person in charge")
    TELEPHONE = "telephone", _("Telephone of the business")
    ADDRESS = "address", _("Full address of the business")


class Operator(Business, DomesticBusiness, OverseasBusiness):
    """A business of one side with its approved values. Before the first approval they are empty."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CONTACT_NEEDED = "contact needed", _("Contact needed")
        CLOSED = "closed", _("Closed")

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.CharField(_("side"), max_length=8, choices=Side, editable=False)
    status = models.CharField(_("status"), max_length=14, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    tokyo_office_confirmed_at = models.DateTimeField(_("Tokyo office confirmed"), null=True, blank=True)
    licence_checked_on = models.DateField(_("licence checked on"), null=True, blank=True)
    licence_checked_source = models.CharField(_("licence checked against"), max_length=200, blank=True)
    contact = models.ForeignKey(
        Subject,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="operators",
        verbose_name=_("person in charge"),
    )
    shown_contact = ArrayField(
        models.CharField(max_length=20, choices=ShownContact),
        default=list,
        blank=True,
        verbose_name=_("shown to the other side"),
    )
    # Approved, neither suspended nor closed, and overseas or with a confirmed Tokyo office (C13).
    in_cross_view = models.GeneratedField(
        expression=models.Case(
            models.When(
                models.Q(approved_at__isnull=False)
                & models.Q(status__in=[Status.ACTIVE, Status.CONTACT_NEEDED])
                & (models.Q(side=Side.OVERSEAS) | models.Q(tokyo_office_confirmed_at__isnull=False)),
                then=True,
            ),
            default=False,
        ),
        output_field=models.BooleanField(_("in the cross-view")),
        db_persist=True,
    )

    objects = OperatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        permissions = [("review_registrations", _("Can review registrations"))]
        constraints = [
            models.UniqueConstraint(fields=["id", "side"], name="operator_id_side"),
            models.CheckConstraint(
                condition=models.Q(licence_checked_on__isnull=True) | ~models.Q(licence_checked_source=""),
                name="operator_licence_check_has_source",
            ),
        ]
        indexes = [
            models.Index(fields=["business_name_key"], name="operator_name_key"),
            models.Index(fields=["telephone"], name="operator_telephone"),
        ]

    def __str__(self):
        return self.business_name or str(self.ref)

    @property
    def reviewed_fields(self):
        """The names of the fields that this operator's side registers."""
        return DOMESTIC_FIELDS if self.side == Side.DOMESTIC else OVERSEAS_FIELDS

    @property
    def values(self):
        """{registered field: approved value}, of the business and of its people."""
        people = getattr(self, "people", None)
        return {name: getattr(people if name in PEOPLE_FIELDS else self, name, "") for name in self.reviewed_fields}

    def name(self, language):
        """The name as readers of `language` write it."""
        return (self.business_name_romanised if language == "en" else "") or self.business_name


class OperatorPeople(People, DomesticPeople):
    """The approved values of the people of an operator, apart from those of the business: few may read them."""

    operator = models.OneToOneField(
        Operator, models.CASCADE, primary_key=True, related_name="people", verbose_name=_("operator")
    )

    class Meta:
        verbose_name = _("people of an operator")
        verbose_name_plural = _("people of operators")

    def __str__(self):
        return str(self.operator)
