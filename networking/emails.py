import outbox
from accounts.models import User
from privacy.purposes import Purpose

from .models import Introduction


def introduction(introduction):
    """To the person in charge; also to the owners where there is none at present, or none with a log-in."""
    is_answer = Introduction.objects.filter(sender=introduction.recipient, recipient=introduction.sender).exists()
    for subject in _readers(introduction.recipient):
        outbox.post(
            subject,
            Purpose.NETWORKING,
            "networking/emails/introduction",
            sender={language: introduction.sender.name(language) for language in ("en", "ja")},
            text=introduction.text,
            introduction=str(introduction.ref),
            is_answer=is_answer,
        )


def introduction_reported(introduction):
    for person in User.objects.reviewers().select_related("subject"):
        outbox.post(
            person.subject,
            Purpose.ADMINISTRATION,
            "networking/emails/introduction_reported",
            introduction=introduction.pk,
        )


def _readers(operator):
    owners = [owner.subject for owner in User.objects.owners_of(operator).select_related("subject")]
    if operator.contact is None:
        return owners
    # Without a log-in a person in charge can read the mail and no more: somebody must be able to answer.
    has_login = operator.memberships.filter(user__subject=operator.contact).exists()
    return [operator.contact] if has_login else [operator.contact, *owners]
