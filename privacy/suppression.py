"""Who objected to mail and then had their data deleted gets none if the address comes back (GDPR Art. 21(3))."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from . import consent
from .models import CurrentState, Matter, State, Suppression
from .purposes import RULES, Purpose


def remember(subject, addresses):
    """Of a person who is being erased: the mail they objected to, under what stands for their addresses.

    What rests on consent needs nothing of the kind: nobody has agreed anew.
    """
    made = CurrentState.objects.filter(subject_ref=subject.ref, matter=Matter.OBJECTION, state=State.MADE)
    Suppression.objects.bulk_create(
        (
            Suppression(digest=_digest(address, settings.SECRET_KEY), purpose=objection.purpose, topic=objection.topic)
            for objection in made
            if _is_mail_without_consent(objection.purpose)
            for address in addresses
        ),
        ignore_conflicts=True,
    )


def carry_over(subject, address):
    """Let the objections made under that address hold for its new subject, who can take them back."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [_digest(address, key) for key in keys]
    for one in Suppression.objects.filter(digest__in=digests).order_by("pk"):
        consent.object_to(subject, one.purpose, one.topic, actor="portal")


def _is_mail_without_consent(purpose):
    rule = RULES[Purpose(purpose)]
    return rule.by_topic and not rule.needs_consent


def _digest(address, key):
    return salted_hmac("privacy.suppression", address.lower(), secret=key, algorithm="sha256").hexdigest()
