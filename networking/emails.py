import outbox
from accounts.models import User
from privacy.purposes import Purpose


def introduction(introduction):
    """To the person in charge; where there is none at present, to the owners."""
    for subject in _readers(introduction.recipient):
        outbox.post(
            subject,
            Purpose.NETWORKING,
            "networking/emails/introduction",
            sender={language: introduction.sender.name(language) for language in ("en", "ja")},
            text=introduction.text,
            introduction=str(introduction.ref),
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
    if operator.contact:
        return [operator.contact]
    return [owner.subject for owner in User.objects.owners_of(operator).select_related("subject")]
