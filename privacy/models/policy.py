"""The policies of the portal: versions, their texts in both languages, and who was told of them (R001-R014)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..purposes import Purpose
from .subject import Subject


class Document(models.TextChoices):
    PRIVACY = "privacy", _("Privacy policy")
    GDPR = "gdpr", _("GDPR privacy policy")
    COOKIES = "cookies", _("Cookie policy")
    SECURITY = "security", _("Security policy")
    TERMS = "terms", _("Terms of use")
    SITE_POLICY = "site-policy", _("Copyright and site policy")


class ChangeClass(models.TextChoices):
    """What a version changes for people, and so when it binds them (C1)."""

    EDITORIAL = "editorial", _("Editorial: nobody's rights change")
    NOTICE = "notice", _("Notice: told beforehand, binds from its moment")
    CONSENT = "consent", _("Consent: binds each person once they agree")


class PolicyVersionQuerySet(models.QuerySet):
    def announced(self):
        return self.filter(announced_at__isnull=False)

    def in_force(self, at):
        """Those that have taken effect by the moment `at`, superseded ones included; the newest last."""
        return self.announced().filter(effective_at__lte=at).order_by("document", "number")


class PolicyVersion(models.Model):
    """One version of one document. A draft until it is announced, and from then on immutable (by trigger)."""

    document = models.CharField(_("document"), max_length=12, choices=Document)
    number = models.PositiveIntegerField(_("version"), editable=False)
    change_class = models.CharField(_("kind of change"), max_length=9, choices=ChangeClass)
    effective_at = models.DateTimeField(_("takes effect"), null=True, blank=True)
    enacted_on = models.DateField(
        _("enacted on"),
        null=True,
        blank=True,
        help_text=_("The day on which the city enacted this text. Without it the page says that the text is a draft."),
    )
    # Only those of the privacy policy decide in the gate (R039, R040).
    purposes = ArrayField(
        models.CharField(max_length=20, choices=Purpose), default=list, blank=True, verbose_name=_("purposes")
    )
    recipients = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("recipients"))
    notify_from = models.DateTimeField(
        _("mails leave from"), null=True, blank=True, help_text=_("Before the version takes effect.")
    )
    notice_until = models.DateTimeField(_("notice on the site until"), null=True, blank=True)
    announced_at = models.DateTimeField(_("announced"), null=True, editable=False)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("announced by"),
    )
    hash = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="policy_version_number"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(announced_at__isnull=True), name="policy_version_one_draft"
            ),
            models.CheckConstraint(
                name="policy_version_announced_whole",
                condition=Q(announced_at__isnull=True)
                | Q(announced_at__isnull=False, effective_at__gte=models.F("announced_at")) & ~Q(hash=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_document_display()} {self.number}"

    @property
    def asks_for_consent(self):
        return self.change_class == ChangeClass.CONSENT

    @property
    def is_in_force(self):
        """Whether it has taken effect; also once a newer one has."""
        return self.announced_at is not None and self.effective_at <= timezone.now()

    @property
    def before(self):
        """The number of the version before; numbers of drafts that were discarded are given again. 0 for the first."""
        return self.number - 1

    def text_in(self, language):
        return self.texts.get(language=language)


class PolicyText(models.Model):
    """A version in one language: Markdown, with directives such as `[[recipients]]` for what data says."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="texts", verbose_name=_("version"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    body = models.TextField(_("text"))
    summary = models.TextField(_("what changed"), blank=True)
    hash = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("policy text")
        verbose_name_plural = _("policy texts")
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="policy_text_language")]

    def __str__(self):
        return f"{self.version} ({self.language})"


class PolicyNotice(models.Model):
    """That a person is told of a version by mail; how far it came, the message says (R008, R013)."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="notices", verbose_name=_("version"))
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="+", verbose_name=_("data subject"))
    message = models.OneToOneField("outbox.Message", models.PROTECT, related_name="+", verbose_name=_("message"))

    class Meta:
        verbose_name = _("policy notice")
        verbose_name_plural = _("policy notices")
        constraints = [models.UniqueConstraint(fields=["version", "subject"], name="policy_notice_once")]

    def __str__(self):
        return f"{self.version} → {self.subject}"
