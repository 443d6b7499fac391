"""What the city must be able to show: disclosures to authorities, breaches, reviews (R080-R082, R154, L06)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def by(label, **options):
    options = {"null": True, "editable": False} | options
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options)


def moment(label, **options):
    options = {"null": True, "editable": False} | options
    return models.DateTimeField(label, **options)


class Ground(models.TextChoices):
    """Why data may go to somebody else without being asked for by the person (R068, R081); there is no other reason."""

    OBLIGATION = "obligation", _("The law obliges the city to disclose")
    RIGHTS = "rights", _("To protect rights or property of the city")
    WRONGDOING = "wrongdoing", _("To prevent or look into wrongdoing: fraud, threats, breaches of the terms")
    SAFETY = "safety", _("To protect somebody’s life, health, property or other important interest")
    LIABILITY = "liability", _("To protect the city against legal liability")


class Disclosure(models.Model):
    """That a court or an authority asked for data, what two officers decided, and what left (R080-R082).

    What it says is bound by the second officer's decision and cannot be changed from then on (by trigger).
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requester = models.CharField(_("who asks"), max_length=200, help_text=_("The court or authority, and its unit."))
    case_reference = models.CharField(_("their reference"), max_length=100, blank=True)
    requested_on = models.DateField(_("asked on"))
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    article = models.CharField(
        _("provision of law"), max_length=200, help_text=_("For example: Code of Criminal Procedure, Art. 197 (2).")
    )
    reasoning = models.TextField(
        _("reasoning"),
        max_length=4000,
        help_text=_("Why the ground is given, and why no less would do; in good faith."),
    )
    # Places of declared fields: "accounts.User.email".
    fields = ArrayField(models.CharField(max_length=80), verbose_name=_("fields"))
    sealed_until = models.DateField(
        _("not told to the persons until"),
        null=True,
        blank=True,
        help_text=_("Only where the law forbids to tell them. Until then it is missing from what they are told."),
    )
    entered_by = by(_("first officer"))
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    approved_by = by(_("second officer"))
    approved_at = moment(_("approved"))
    refused_by = by(_("refused by"))
    refused_at = moment(_("refused"))
    extracted_by = by(_("extract made by"))
    extracted_at = moment(_("extract made"))

    class Meta:
        verbose_name = _("disclosure to an authority")
        verbose_name_plural = _("disclosures to authorities")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="disclosure_two_officers", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by"))
            ),
            models.CheckConstraint(
                name="disclosure_decided_once", condition=Q(approved_at__isnull=True) | Q(refused_at__isnull=True)
            ),
            models.CheckConstraint(
                name="disclosure_extract_is_approved",
                condition=Q(extracted_at__isnull=True) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(name="disclosure_has_reasoning", condition=~Q(reasoning="") & Q(fields__len__gt=0)),
        ]

    def __str__(self):
        return f"D-{self.pk:06}"


class DisclosureSubject(models.Model):
    """Whose data a disclosure is about. No foreign key, as in the ledger."""

    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, related_name="subjects", verbose_name=_("disclosure to an authority")
    )
    subject_ref = models.UUIDField(_("data subject"), db_index=True)

    class Meta:
        verbose_name = _("person of a disclosure")
        verbose_name_plural = _("persons of disclosures")
        constraints = [models.UniqueConstraint(fields=["disclosure", "subject_ref"], name="disclosure_subject_once")]

    def __str__(self):
        return f"{self.disclosure_id} {self.subject_ref}"


class BreachKind(models.TextChoices):
    LEAK = "leak", _("Leakage")
    LOSS = "loss", _("Loss")
    ALTERATION = "alteration", _("Alteration")
    ACCESS = "access", _("Improper access")


class Breach(models.Model):
    """An incident with personal data, reported or not, and the clocks that run from when the city knew (L06)."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=BreachKind)
    aware_at = models.DateTimeField(_("the city knows of it since"), default=timezone.now)
    occurred = models.CharField(_("when and where it happened"), max_length=300)
    description = models.TextField(_("what happened"), max_length=4000, help_text=_("Name no person here."))
    consequences = models.TextField(_("likely consequences"), max_length=4000)
    measures = models.TextField(_("measures taken and planned"), max_length=4000)
    affected = models.PositiveIntegerField(_("persons affected, as far as known"), default=0)
    is_malicious = models.BooleanField(_("done on purpose by somebody"), default=False)
    risk = models.CharField(
        _("risk for the persons"),
        max_length=4,
        choices=[("none", _("unlikely")), ("some", _("given")), ("high", _("high"))],
        default="some",
    )
    told_text_en = models.TextField(_("what the persons are told, in English"), max_length=4000, blank=True)
    told_text_ja = models.TextField(_("what the persons are told, in Japanese"), max_length=4000, blank=True)
    entered_by = by(_("entered by"))
    authority_told_at = moment(_("supervisory authority notified (GDPR)"))
    delay_reason = models.TextField(
        _("reasons for the delay beyond 72 hours"), max_length=1000, blank=True, editable=False
    )
    preliminary_at = moment(_("preliminary report to the Personal Information Protection Commission"))
    final_at = moment(_("final report to the Personal Information Protection Commission"))
    persons_told_at = moment(_("persons told"))
    closed_at = moment(_("closed"))
    not_reported_reason = models.TextField(
        _("why what was not reported need not be"), max_length=1000, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        ordering = ["-pk"]

    def __str__(self):
        return f"B-{self.pk:06}"

    def clean(self):
        """From a moment that is still to come no clock would ever run out."""
        if self.aware_at and self.aware_at > timezone.now():
            raise ValidationError({"aware_at": _("The city cannot know of it since a moment that is still to come.")})


class BreachSubject(models.Model):
    """Whom a breach affects, and by what that was found. No foreign key, as in the ledger."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="subjects", verbose_name=_("breach"))
    subject_ref = models.UUIDField(_("data subject"), db_index=True)
    found_by = models.CharField(_("found by"), max_length=80)
    told_at = moment(_("told"))

    class Meta:
        verbose_name = _("person affected by a breach")
        verbose_name_plural = _("persons affected by breaches")
        constraints = [models.UniqueConstraint(fields=["breach", "subject_ref"], name="breach_subject_once")]

    def __str__(self):
        return f"{self.breach_id} {self.subject_ref}"


class ReviewSubject(models.TextChoices):
    """What the city looks at again and again (R154)."""

    POLICIES = "policies", _("Policies")
    MEASURES = "measures", _("Measures of protection")
    STAFF = "staff", _("Staff accounts and their roles")
    RETENTION = "retention", _("Times of keeping")
    RECIPIENTS = "recipients", _("Recipients and their contracts")
    RESTORE = "restore", _("Restoring from a backup, tried")


class Review(models.Model):
    """That something was looked at, what came of it, and when it is due again (R154)."""

    subject = models.CharField(_("what was reviewed"), max_length=10, choices=ReviewSubject)
    on = models.DateField(_("reviewed on"))
    result = models.TextField(_("result"), max_length=4000)
    next_on = models.DateField(_("next time"))
    by = by(_("reviewed by"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(name="review_next_is_later", condition=Q(next_on__gt=F("on")))]

    def __str__(self):
        return f"{self.get_subject_display()} {self.on}"
