import uuid
from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, F, Min, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# A message whose content no longer has a use holds neither its content nor a one-off address.
WIPED = {"context": None, "sealed_to": None}
# A message that ends its sender three times is not given to a fourth.
STARTS = 3


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Not permitted")
    EXPIRED = "expired", _("Expired")
    SET_ASIDE = "set_aside", _("Set aside")
    IN_DOUBT = "in_doubt", _("In doubt")


class Problem(models.TextChoices):
    NOT_PERMITTED = "not_permitted", _("The person may not be written to for this purpose.")
    NO_ADDRESS = "no_address", _("The person has no address any more.")
    UNWRITABLE = "unwritable", _("The message could not be written.")
    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    POSTPONED = "postponed", _("The mail server asked to try again later.")
    REJECTED = "rejected", _("The mail server rejected the message.")
    UNANSWERED = "unanswered", _("It is not known whether the mail server took the message.")
    INTERRUPTED = "interrupted", _("Sending was interrupted before the message was handed over.")


class MessageQuerySet(models.QuerySet):
    def due(self):
        """To be sent now; what expires first goes first, so that a code overtakes news."""
        now = timezone.now()
        return self.filter(state=State.WAITING, not_before__lte=now, expires_at__gt=now).order_by("expires_at", "pk")

    def overdue(self, by: timedelta = timedelta(minutes=5)):
        """Due for so long that nobody seems to be sending."""
        return self.due().filter(not_before__lte=timezone.now() - by)

    def age(self) -> timedelta:
        """How long the message waits that has been due for longest."""
        now = timezone.now()
        return now - (self.due().aggregate(oldest=Min("not_before"))["oldest"] or now)

    def stuck(self):
        """Staff decide about these."""
        return self.filter(state__in=[State.SET_ASIDE, State.IN_DOUBT])

    def repeatable(self):
        """Stuck, with the content still there."""
        return self.stuck().filter(context__isnull=False, expires_at__gt=timezone.now())

    def holding_content(self):
        return self.filter(Q(context__isnull=False) | Q(sealed_to__isnull=False))

    def settle_lost(self) -> int:
        """Decide about messages whose sender has not reported back in time: how many there were.

        One that was being handed over may have arrived, so nobody sends it again unasked. Any other waits again.
        """
        lost = self.filter(state=State.SENDING, leased_until__lte=timezone.now())
        in_doubt = lost.filter(handed_over_at__isnull=False).update(
            state=State.IN_DOUBT, leased_until=None, problem=Problem.UNANSWERED
        )
        interrupted = lost.filter(handed_over_at__isnull=True).update(
            state=Case(When(crashes__gte=STARTS - 1, then=Value(State.SET_ASIDE)), default=Value(State.WAITING)),
            crashes=F("crashes") + 1,
            leased_until=None,
            problem=Problem.INTERRUPTED,
        )
        return in_doubt + interrupted

    def settle_expired(self) -> int:
        """End what is too late to be sent, and wipe what nobody may send again: how many there were."""
        late = self.filter(expires_at__lte=timezone.now())
        return late.filter(state=State.WAITING).update(state=State.EXPIRED, **WIPED) + late.stuck().filter(
            context__isnull=False
        ).update(**WIPED)


class Message(models.Model):
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Either a person known by this, or a one-off address nobody can read before it is used.
    to_ref = models.UUIDField(null=True, db_index=True)
    sealed_to = models.BinaryField(null=True)
    purpose = models.CharField(_("purpose"), max_length=64)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    template = models.CharField(_("template"), max_length=128)
    context = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    problem = models.CharField(_("problem"), max_length=16, choices=Problem, blank=True)
    response = models.CharField(
        _("answer of the mail server"),
        max_length=64,
        blank=True,
        help_text=_("The status code only; the text may hold an address."),
    )
    # Also tells one sender from the next: who counts less than the row does has lost it.
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    crashes = models.PositiveSmallIntegerField(_("interrupted attempts"), default=0)

    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    leased_until = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("email", "message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["expires_at", "id"], name="outbox_waiting", condition=Q(state=State.WAITING)),
            models.Index(fields=["leased_until"], name="outbox_sending", condition=Q(state=State.SENDING)),
            models.Index(
                fields=["expires_at"],
                name="outbox_stuck",
                condition=Q(state__in=[State.SET_ASIDE, State.IN_DOUBT]),
            ),
            models.Index(fields=["-created_at", "-id"], name="outbox_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(name="outbox_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="outbox_leased_while_sending",
                condition=Q(state=State.SENDING, leased_until__isnull=False)
                | (~Q(state=State.SENDING) & Q(leased_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="outbox_sent_at_a_moment",
                condition=Q(state=State.SENT, sent_at__isnull=False) | (~Q(state=State.SENT) & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="outbox_handed_over_at_a_moment",
                condition=Q(state=State.SENDING)
                | Q(state__in=[State.SENT, State.IN_DOUBT], handed_over_at__isnull=False)
                | Q(
                    state__in=[State.WAITING, State.REFUSED, State.EXPIRED, State.SET_ASIDE],
                    handed_over_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="outbox_content_only_while_of_use",
                condition=Q(state__in=[State.SET_ASIDE, State.IN_DOUBT])
                | (
                    Q(state__in=[State.WAITING, State.SENDING], context__isnull=False)
                    & (
                        Q(to_ref__isnull=False, sealed_to__isnull=True)
                        | Q(to_ref__isnull=True, sealed_to__isnull=False)
                    )
                )
                | Q(
                    state__in=[State.SENT, State.REFUSED, State.EXPIRED],
                    context__isnull=True,
                    sealed_to__isnull=True,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.template} #{self.pk}"

    @property
    def message_id(self) -> str:
        """The same at each attempt, so that a mail server can tell a repetition (RFC 5322, 3.6.4)."""
        return f"<{self.ref}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"
