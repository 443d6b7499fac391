"""Links in mails that need no log-in: to end what a mail was sent for (GDPR Art. 7, 21), to one's own request."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import override

from .models import CurrentState, Matter, State, Subject
from .purposes import RULES, Purpose

# No time is signed: an old mail must still be good for taking consent back.
SIGNER = Signer(sep=".", salt="privacy.withdrawal")
# Leads to where a request stands; nothing of the person's data is given out without a fresh code.
REQUEST_SIGNER = Signer(sep=".", salt="privacy.request")


@dataclass(frozen=True)
class Withdrawal:
    """What a link ends: for the subject `ref`, one topic of a purpose, or with "" all of it."""

    ref: uuid.UUID
    purpose: Purpose
    topic: str

    @property
    def subject(self):
        """None once the person's data are deleted."""
        return Subject.objects.filter(ref=self.ref).first()

    @property
    def is_ended(self):
        needs_consent = RULES[self.purpose].needs_consent
        said = CurrentState.objects.filter(subject_ref=self.ref, purpose=self.purpose)
        if needs_consent:
            given = said.filter(matter=Matter.CONSENT, state=State.GIVEN)
            return not (given.filter(topic=self.topic) if self.topic else given).exists()
        made = said.filter(matter=Matter.OBJECTION, state=State.MADE, topic__in={"", self.topic})
        return made.exists() or self.subject is None


def withdrawal_url(subject, purpose, topic="", language=""):
    """The address of the page that ends mail for `purpose` and `topic`; in `language`, or else the subject's own.

    Raises `ValueError` for a purpose that nobody can end by a word.
    """
    rule = RULES[Purpose(purpose)]
    if not (rule.needs_consent or rule.can_be_objected):
        raise ValueError(f"{purpose} is neither agreed to nor objected to")
    token = SIGNER.sign(f"{subject.ref.hex}.{Purpose(purpose)}.{topic}")
    with override(language or subject.language):
        return f"{settings.SITE_URL}{reverse('privacy:withdrawal', args=[token])}"


def read(token):
    """The `Withdrawal` that we signed as `token`, or None for what we did not."""
    try:
        ref, purpose, topic = SIGNER.unsign(token).split(".")
        return Withdrawal(uuid.UUID(ref), Purpose(purpose), topic)
    except (BadSignature, ValueError):
        # A purpose that we signed may since have left the code: then nothing is sent for it, either.
        return None


def request_url(request):
    """The address of the page of a `Request`, for who asked without a log-in, in the language of its answer."""
    with override(request.language):
        token = REQUEST_SIGNER.sign(request.ref.hex)
        return f"{settings.SITE_URL}{reverse('privacy:asked', args=[token])}"


def read_request(token):
    """The reference of the request that we signed as `token`, or None for what we did not."""
    try:
        return uuid.UUID(REQUEST_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
