"""What people ask about their own data, and every step of the answer (R090-R102, L02, L07, L08).

`Request` is what was asked. What became of it stands in its `RequestEvent`s, which are inserted and never changed: the
state and the due date of a request are those of its newest event, so that nobody can edit lateness away.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .codes import TypedCode
from .subject import Subject


class RequestKind(models.TextChoices):
    """What a person may ask about their own data (R092-R098). In Japan's words: disclosure, correction, suspension."""

    ACCESS = "access", _("A copy of my data")
    RECTIFICATION = "rectification", _("Correct my data")
    ERASURE = "erasure", _("Delete my data and close my account")
    RESTRICTION = "restriction", _("Stop using my data for now")
    OBJECTION = "objection", _("Stop a use of my data")
    PORTABILITY = "portability", _("My data in a form for other services")
    WITHDRAWAL = "withdrawal", _("Take my consent back")


class Regime(models.TextChoices):
    """The law a request stands under. Japan's holds for everybody, the GDPR for who is in its scope (R102)."""

    APPI = "appi", _("Act on the Protection of Personal Information (Japan)")
    GDPR = "gdpr", _("General Data Protection Regulation (European Economic Area)")


class Channel(models.TextChoices):
    CENTRE = "centre", _("Privacy centre")
    FORM = "form", _("Public form")
    PAPER = "paper", pgettext_lazy("way of a request", "Letter")
    TELEPHONE = "telephone", pgettext_lazy("way of a request", "Telephone")
    COUNTER = "counter", _("Counter")


class RequestState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("state of a request", "Received")
    IDENTITY = "identity", _("Waiting for proof of identity")
    COMPLETION = "completion", _("Waiting for completion by the person")
    REVIEW = "review", _("In review")
    DECIDED = "decided", _("Decided")
    DELIVERED = "delivered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")
    ABANDONED = "abandoned", _("Given up by the person")
    DUPLICATE = "duplicate", _("The same as another request")


ENDED = [RequestState.CLOSED, RequestState.WITHDRAWN, RequestState.ABANDONED, RequestState.DUPLICATE]
# No time runs any more.
ANSWERED = [RequestState.DELIVERED, *ENDED]


class Step(models.TextChoices):
    """What happened to a request."""

    RECEIVED = "received", pgettext_lazy("step of a request", "received")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("step of a request", "acknowledged")
    CODE_SENT = "code sent", pgettext_lazy("step of a request", "code sent to the address")
    ADDRESS_PROVEN = "address proven", pgettext_lazy("step of a request", "address confirmed by the code")
    DOCUMENT_ASKED = "document asked", pgettext_lazy("step of a request", "document of identity asked for")
    IDENTITY_SETTLED = "identity settled", pgettext_lazy("step of a request", "identity settled")
    COMPLETION_ASKED = "completion asked", pgettext_lazy("step of a request", "completion asked for")
    COMPLETED = "completed", pgettext_lazy("step of a request", "completed")
    REVIEWED = "reviewed", pgettext_lazy("step of a request", "review begun")
    EXTENDED = "extended", pgettext_lazy("step of a request", "time extended")
    DECIDED = "decided", pgettext_lazy("step of a request", "decided")
    DELIVERED = "delivered", pgettext_lazy("step of a request", "answered")
    CLOSED = "closed", pgettext_lazy("step of a request", "closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("step of a request", "withdrawn by the person")
    ABANDONED = "abandoned", pgettext_lazy("step of a request", "given up by the person")
    DUPLICATE = "duplicate", pgettext_lazy("step of a request", "found to be the same as another")
    REMINDED = "reminded", pgettext_lazy("step of a request", "staff reminded")
    # Of a restriction, which may end long after the answer (GDPR Art. 18(3)).
    LIFTING_TOLD = "lifting told", pgettext_lazy("step of a request", "told that the restriction will end")
    LIFTED = "lifted", pgettext_lazy("step of a request", "restriction ended")


class Outcome(models.TextChoices):
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    REFUSED = "refused", _("Refused")


class RequestQuerySet(models.QuerySet):
    def with_state(self):
        """Each with the `state`, `due_on` and `internal_on` of its newest event."""
        newest = RequestEvent.objects.filter(request=OuterRef("pk")).order_by("-pk")
        return self.annotate(**{name: Subquery(newest.values(name)[:1]) for name in ("state", "due_on", "internal_on")})

    def open(self):
        return self.with_state().exclude(state__in=ENDED)

    def unanswered(self):
        return self.with_state().exclude(state__in=ANSWERED)

    def restricting(self):
        """Those by which the use of the data is restricted, from their receipt until the person takes them back or the
        restriction is lifted (GDPR Art. 18)."""
        kinds = [RequestKind.RESTRICTION, RequestKind.OBJECTION]
        undone = [RequestState.WITHDRAWN, RequestState.ABANDONED, RequestState.DUPLICATE]
        return self.with_state().filter(kind__in=kinds).exclude(state__in=undone).exclude(events__step=Step.LIFTED)


class Request(models.Model):
    """What a person asked, and when: the moment from which the legal time counts (R090)."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="requests", verbose_name=_("data subject"))
    kind = models.CharField(_("request"), max_length=13, choices=RequestKind)
    regimes = ArrayField(models.CharField(max_length=4, choices=Regime), verbose_name=_("laws"))
    channel = models.CharField(_("how it came"), max_length=9, choices=Channel)
    text = models.TextField(_("what is asked"), max_length=4000, blank=True)
    # Where to answer: of whoever has no account, or writes from elsewhere.
    name = models.CharField(_("name"), max_length=100, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    language = models.CharField(_("language of the answer"), max_length=2, choices=settings.LANGUAGES)
    mandate = models.ForeignKey(
        "Mandate", models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("asked by an agent")
    )
    # Of paper, telephone and counter: the day it reached the city, which may lie before its entry.
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about one's own data")
        verbose_name_plural = _("requests about one's own data")
        ordering = ["-pk"]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"P-{self.received_at:%Y}-{self.pk:06}"

    @property
    def newest(self):
        """Its newest `RequestEvent`: where it stands."""
        return self.events.order_by("-pk").first()

    # Of a row that is read `with_state`.

    @property
    def state_in_words(self):
        return RequestState(self.state).label

    @property
    def is_answered(self):
        return self.state in ANSWERED

    @property
    def is_overdue(self):
        return not self.is_answered and self.due_on < timezone.localdate()


class RequestEvent(models.Model):
    """One step, with the state and the due dates that follow from it. Inserted, and never changed (by trigger)."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="events", verbose_name=_("request"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    step = models.CharField(_("step"), max_length=16, choices=Step)
    state = models.CharField(_("state"), max_length=10, choices=RequestState)
    # The earliest legal day by which the answer must leave, and the day we hold ourselves to; `governed_by`: why.
    due_on = models.DateField(_("due by law"))
    internal_on = models.DateField(_("our own target"))
    governed_by = models.CharField(_("governed by"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, blank=True)
    # Reasons of a refusal or an extension, grounds of Art. 17(1), 18(1), 20(1), how the identity was settled.
    codes = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("reasons"))

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ["pk"]
        indexes = [models.Index(fields=["request", "-id"], name="request_event_newest")]
        constraints = [
            models.CheckConstraint(name="request_target_within_law", condition=Q(internal_on__lte=models.F("due_on"))),
            models.CheckConstraint(
                name="request_decision_has_outcome",
                condition=Q(step=Step.DECIDED) & ~Q(outcome="") | ~Q(step=Step.DECIDED) & Q(outcome=""),
            ),
        ]

    def __str__(self):
        return f"{self.request_id} {self.step}"


class RequestCode(TypedCode):
    """The code that is mailed to who asks without a log-in: to prove the address first, and later before a copy of the
    data is fetched (R099, R100). One at a time; what was typed rightly works no more."""

    request = models.OneToOneField(Request, models.CASCADE, related_name="code", verbose_name=_("request"))
    # The form that was sent: sent twice, it is one request.
    form_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("code for a request")
        verbose_name_plural = _("codes for requests")

    def __str__(self):
        return str(self.ref)


class RequestLetter(models.Model):
    """What the person was written about their request: in their language, with reasons and the right to complain."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="letters", verbose_name=_("request"))
    event = models.OneToOneField(RequestEvent, models.CASCADE, related_name="letter", verbose_name=_("step"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("text"), max_length=8000)
    # None of a letter that goes on paper: there is no address to mail it to.
    message = models.OneToOneField(
        "outbox.Message", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("message")
    )

    class Meta:
        verbose_name = _("letter about a request")
        verbose_name_plural = _("letters about requests")
        ordering = ["pk"]

    def __str__(self):
        return str(self.event)


class AgentKind(models.TextChoices):
    LEGAL = "legal", _("Legal representative")
    VOLUNTARY = "voluntary", _("Agent by mandate")


class MandateQuerySet(models.QuerySet):
    def valid(self, at):
        """Those acknowledged, and neither revoked, denied nor run out (R091, L08)."""
        confirmed = Q(kind=AgentKind.LEGAL) | Q(confirmed_at__isnull=False)
        return self.filter(
            confirmed, acknowledged_at__lte=at, revoked_at__isnull=True, denied_at__isnull=True, valid_until__gt=at
        )


class Mandate(models.Model):
    """That somebody may ask for a person: for what, until when, and who at the city acknowledged it (R091, L08)."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="mandates", verbose_name=_("principal"))
    agent = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name=_("agent"))
    kind = models.CharField(_("kind of agent"), max_length=9, choices=AgentKind)
    agent_name = models.CharField(_("name of the agent"), max_length=100)
    agent_email = models.EmailField(_("email address of the agent"))
    scope = ArrayField(models.CharField(max_length=13, choices=RequestKind), verbose_name=_("may ask for"))
    valid_until = models.DateTimeField(_("valid until"))
    # The principal answers at the registered address; not asked of who has a legal representative.
    confirmed_at = models.DateTimeField(_("confirmed by the principal"), null=True, editable=False)
    denied_at = models.DateTimeField(_("denied by the principal"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    refused_at = models.DateTimeField(_("refused"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.TextField(_("reason of the decision"), max_length=1000, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="mandate_decided_once", condition=Q(acknowledged_at__isnull=True) | Q(refused_at__isnull=True)
            ),
            models.CheckConstraint(
                name="mandate_decision_has_officer",
                condition=Q(acknowledged_at__isnull=True, refused_at__isnull=True) | Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def scope_in_words(self):
        return [RequestKind(one).label for one in self.scope]

    @property
    def standing(self):
        """Where it stands, in words."""
        if self.denied_at:
            return _("Denied by the person")
        if self.revoked_at:
            return _("Revoked")
        if self.refused_at:
            return _("Refused by the city")
        if self.valid_until <= timezone.now():
            return _("Has run out")
        if self.acknowledged_at:
            return _("Acknowledged")
        if self.kind == AgentKind.VOLUNTARY and not self.confirmed_at:
            return _("Waits for the person’s confirmation")
        return _("Waits for the city’s decision")


class PaperKind(models.TextChoices):
    IDENTITY = "identity", _("Proof of identity")
    MANDATE = "mandate", _("Mandate")
    EVIDENCE = "evidence", _("Evidence for a correction")


class SealedPaper(models.Model):
    """A paper that somebody sent for a request: encrypted, read by one role, emptied on its day (R099)."""

    SEALED = ("content",)

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="papers", verbose_name=_("request"))
    kind = models.CharField(_("kind"), max_length=8, choices=PaperKind)
    # `encryption.seal`; empty from `emptied_at` on.
    content = models.BinaryField(_("content"))
    media_type = models.CharField(_("file type"), max_length=40)
    size = models.PositiveIntegerField(_("size in bytes"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    emptied_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    class Meta:
        verbose_name = _("paper for a request")
        verbose_name_plural = _("papers for requests")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="sealed_paper_emptied_is_empty", condition=Q(emptied_at__isnull=True) | Q(content=b"")
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} #{self.pk}"


class PackageForm(models.TextChoices):
    ACCESS = "access", _("To read")
    PORTABILITY = "portability", _("For other services")


class Package(models.Model):
    """A copy of a person's data: built in the background, fetched once after log-in, then gone (R092, R097)."""

    SEALED = ("content",)

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="packages", verbose_name=_("data subject"))
    request = models.ForeignKey(Request, models.SET_NULL, null=True, related_name="packages", verbose_name=_("request"))
    form = models.CharField(_("form"), max_length=11, choices=PackageForm)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    # Of `total` kinds of data `done` are written.
    done = models.PositiveSmallIntegerField(_("done"), default=0)
    total = models.PositiveSmallIntegerField(_("of"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True, editable=False)
    # `encryption.seal`; empty before it is built, and after it was fetched or ran out.
    content = models.BinaryField(_("content"), default=bytes)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    built_at = models.DateTimeField(_("ready"), null=True, editable=False)
    failed_at = models.DateTimeField(_("failed"), null=True, editable=False)
    fetched_at = models.DateTimeField(_("fetched"), null=True, editable=False)
    expires_at = models.DateTimeField(_("can be fetched until"), null=True, editable=False)
    # Staff allow another one within a week.
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("allowed by"),
    )

    class Meta:
        verbose_name = _("copy of a person's data")
        verbose_name_plural = _("copies of persons' data")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_form_display()} #{self.pk}"
