"""Who else receives data, and what people may be written to about: data, with dates (R060-R067, C8)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose


class RecipientRole(models.TextChoices):
    CONTRACTOR = "contractor", _("Contractor")
    DELEGATION_COMPANY = "delegation", _("Service delegation company")


class RecipientQuerySet(models.QuerySet):
    def valid(self, at):
        """Those to whom data may go at the moment `at`: inside their period and with an attestation (R066)."""
        return self.current(at).filter(attested_on__lte=at)

    def current(self, at):
        return self.filter(valid_from__lte=at).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))


class Recipient(models.Model):
    """A party that works for the city, in one period of its life: a new name or contract is a new row of its `code`."""

    code = models.SlugField(_("code"), max_length=40, help_text=_("Stays the same when the name changes."))
    role = models.CharField(_("role"), max_length=10, choices=RecipientRole)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_ja = models.CharField(_("name in Japanese"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=300)
    address_ja = models.CharField(_("address in Japanese"), max_length=300)
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    purposes = ArrayField(models.CharField(max_length=20, choices=Purpose), verbose_name=_("purposes"))
    contract_reference = models.CharField(_("contract"), max_length=100, blank=True)
    duties_en = models.TextField(
        _("duties in English"), help_text=_("It may not pass data on for purposes of its own (R067).")
    )
    duties_ja = models.TextField(_("duties in Japanese"))
    attested_on = models.DateField(
        _("measures attested on"), null=True, blank=True, help_text=_("That it protects data as the city does (R066).")
    )
    extra_minimum = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name=_("minimum beyond operator, name, place and side"),
    )
    extra_minimum_reason = models.TextField(_("reason for the larger minimum"), blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="recipient_period"),
            models.CheckConstraint(
                name="recipient_period_ends_later",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="recipient_larger_minimum_has_reason",
                condition=Q(extra_minimum__len=0) | ~Q(extra_minimum_reason=""),
            ),
        ]

    def __str__(self):
        return self.name_ja

    def name(self, language):
        return self.name_ja if language == "ja" else self.name_en

    def address(self, language):
        return self.address_ja if language == "ja" else self.address_en

    def duties(self, language):
        return self.duties_ja if language == "ja" else self.duties_en


class Oversight(models.Model):
    """That the city looked after how a recipient handles data, and what came of it (R065, R153)."""

    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="oversights", verbose_name=_("recipient"))
    on = models.DateField(_("looked at on"))
    result = models.TextField(_("result"))
    next_on = models.DateField(_("next time"))

    class Meta:
        verbose_name = _("oversight")
        verbose_name_plural = _("oversights")
        ordering = ["-on"]

    def __str__(self):
        return f"{self.recipient} {self.on}"


class Topic(models.Model):
    """What people may choose to be written to about, under one purpose (C11)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_ja = models.CharField(_("name in Japanese"), max_length=100)
    description_en = models.CharField(_("description in English"), max_length=300)
    description_ja = models.CharField(_("description in Japanese"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "code"]

    def __str__(self):
        return self.name_ja

    def name(self, language):
        return self.name_ja if language == "ja" else self.name_en

    def description(self, language):
        return self.description_ja if language == "ja" else self.description_en
