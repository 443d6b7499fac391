"""What somebody asks the secretariat, and how it was answered (R021, R038, R100). Not for what has a legal clock."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.models import Subject
from privacy.models.codes import TypedCode


class Kind(models.TextChoices):
    """What it is about, in the words of who asks."""

    GENERAL = "general", _("A general question")
    SERVICE = "service", _("Using the portal, or something that does not work")
    PRIVACY = "privacy", _("A complaint about the handling of personal data")
    RIGHTS = "rights", _("A request about my own personal data")
    CHILD = "child", _("A child’s personal data")
    PRESS = "press", _("A question from the press")


# Read and answered by the privacy officer (R021), and by whoever else may handle them.
ABOUT_PERSONAL_DATA = (Kind.PRIVACY, Kind.RIGHTS, Kind.CHILD)
# Working days to the answer.
ANSWERED_WITHIN = {
    Kind.GENERAL: 5,
    Kind.SERVICE: 5,
    Kind.PRESS: 5,
    Kind.PRIVACY: 10,
    Kind.RIGHTS: 10,
    Kind.CHILD: 1,
}


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Staff see what is theirs to answer; what is about personal data only who handles that (R049)."""
        if person.has_perm("inquiries.handle_personal_data"):
            return self
        return self.exclude(kind__in=ABOUT_PERSONAL_DATA)

    def open(self):
        return self.filter(state__in=[Inquiry.State.NEW, Inquiry.State.WAITING])

    def waiting_for_staff(self):
        return self.filter(state=Inquiry.State.NEW)

    def overdue_on(self, day):
        return self.waiting_for_staff().filter(due_on__lt=day)


class Inquiry(models.Model):
    """One question with its number: the entries are what the sender and staff wrote."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        WAITING = "waiting", _("Waiting for the sender")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    # Has no other purpose than the answer, unless the sender was logged in (C10, R038).
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="inquiries", verbose_name=_("data subject"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    email = models.EmailField(_("email address"), max_length=254)
    is_address_confirmed = models.BooleanField(_("address confirmed"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    due_on = models.DateField(_("answer due on"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["due_on", "pk"]
        permissions = [("handle_personal_data", _("Can handle inquiries about personal data"))]
        indexes = [models.Index(fields=["email"], name="inquiry_email")]

    def __str__(self):
        return self.number

    @property
    def is_overdue(self):
        return self.state == self.State.NEW and self.due_on < timezone.localdate()


class Entry(models.Model):
    """One message of an inquiry: of the sender, or `by` a member of staff."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="entries", verbose_name=_("inquiry"))
    is_answer = models.BooleanField(_("answer"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    text = models.TextField(_("message"), max_length=4000)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    # A form sent twice makes one entry.
    form_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.inquiry} #{self.pk}"


class Unconfirmed(TypedCode):
    """What was sent in and waits for the code that was mailed to its address. Deleted once typed, or after a day."""

    form_key = models.UUIDField(unique=True, editable=False)
    email = models.EmailField(_("email address"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    # The answers of the form, by field.
    letter = models.JSONField(_("what was sent"))

    class Meta:
        verbose_name = _("unconfirmed inquiry")
        verbose_name_plural = _("unconfirmed inquiries")

    def __str__(self):
        return str(self.ref)


class Relation(models.TextChoices):
    PARENT = "parent", _("Parent")
    GUARDIAN = "guardian", _("Legal guardian")
    OTHER = "other", _("Somebody else who looks after the child, for example at school")


class ChildCaseQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(decision="")

    def hiding(self, at):
        """Those by which the person's contact data are hidden at the moment `at`."""
        return self.filter(models.Q(decision=ChildCase.Decision.CONFIRMED) | models.Q(decision="", hidden_until__gt=at))


class ChildCase(models.Model):
    """A guardian says that the portal holds the data of a child (R112, R113). Its inquiry holds the correspondence."""

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", _("It is a child: hidden until the data are deleted")
        CLEARED = "cleared", _("It is no child: this report hides nothing")

    inquiry = models.OneToOneField(Inquiry, models.CASCADE, related_name="child_case", verbose_name=_("inquiry"))
    relation = models.CharField(_("relation to the child"), max_length=8, choices=Relation)
    child_email = models.EmailField(_("email address of the child"), max_length=254, blank=True)
    place = models.CharField(_("business or page concerned"), max_length=300, blank=True)
    # Whose contact data it is about, as far as the portal found somebody.
    subject = models.ForeignKey(
        Subject, models.SET_NULL, null=True, related_name="child_cases", verbose_name=_("person concerned")
    )
    # Null where nothing was hidden: nobody was found, or a report about the same person was decided before.
    hidden_until = models.DateTimeField(_("hidden until, unless confirmed"), null=True)
    decision = models.CharField(_("what was decided"), max_length=9, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )

    objects = ChildCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("report about a child’s data")
        verbose_name_plural = _("reports about children’s data")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="child_case_decided_at_a_moment",
                condition=models.Q(decision="", decided_at__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_at__isnull=False)),
            )
        ]

    def __str__(self):
        return self.inquiry.number

    @property
    def situation(self):
        """Where it stands, in words."""
        if self.decision:
            return self.get_decision_display()
        if self.hidden_until is None:
            return _("Nothing is hidden: to be looked at")
        return _("Hidden") if self.hidden_until > timezone.now() else _("Lapsed: shown again")


class AnswerTemplateQuerySet(models.QuerySet):
    def for_kind(self, kind):
        return self.filter(is_offered=True).filter(models.Q(kind=kind) | models.Q(kind=""))


class AnswerTemplate(models.Model):
    """What staff begin an answer with. They read and change it before it leaves."""

    name_en = models.CharField(_("name in English"), max_length=100)
    name_ja = models.CharField(_("name in Japanese"), max_length=100)
    kind = models.CharField(
        _("kind"), max_length=8, choices=Kind, blank=True, help_text=_("Empty: offered for every kind.")
    )
    body_en = models.TextField(_("text in English"), max_length=4000)
    body_ja = models.TextField(_("text in Japanese"), max_length=4000)
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering = ["kind", "pk"]

    def __str__(self):
        return self.name_ja

    def name(self, language):
        return self.name_ja if language == "ja" else self.name_en

    def body(self, language):
        return self.body_ja if language == "ja" else self.body_en
