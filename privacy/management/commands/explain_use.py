import uuid
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from privacy import audit, declarations
from privacy.acting import PORTAL, acting_as
from privacy.explanation import explain, in_words
from privacy.models import Recipient, Subject
from privacy.purposes import Purpose


class Command(BaseCommand):
    """For the privacy officer. Prints reasons and days, and nothing else about the person; the audit keeps that."""

    help = "Say why somebody's data may be used for a purpose, or why not: now, or as it was at a moment."

    def add_arguments(self, parser):
        parser.add_argument("person", help="reference of the data subject, or email address")
        parser.add_argument("purpose", choices=Purpose.values)
        parser.add_argument("--recipient", default="", help="code of a company; the city otherwise")
        parser.add_argument("--topic", default="", help="code of a topic, for what people choose by topic")
        parser.add_argument(
            "--at", type=datetime.fromisoformat, help="like 2026-11-25T18:00, Tokyo time where it names no zone"
        )
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="en")

    @acting_as(duty=PORTAL)
    def handle(self, *, person, purpose, recipient, topic, at, language, **options):
        subject = self._subject(person)
        if at and timezone.is_naive(at):
            at = timezone.make_aware(at)
        if at and at > timezone.now():
            raise CommandError("Nobody knows yet how it will be then.")
        if recipient and not Recipient.objects.filter(code=recipient).exists():
            raise CommandError(f"The register of recipients knows no {recipient}.")
        with override(language):
            found = explain(subject, purpose, recipient, topic, at)
            self.stdout.write(in_words(Purpose(purpose), topic))
            self.stdout.write(found.verdict)
            for reason in found.reasons:
                self.stdout.write(f"{'+' if reason.holds else '-'} {reason.sentence}")
        audit.record(None, "use explained", subject, purpose=purpose, recipient=recipient, topic=topic)

    def _subject(self, person):
        try:
            found = Subject.objects.filter(ref=uuid.UUID(person)).first()
        except ValueError:
            found = Subject.objects.filter(pk=declarations.subject_with(person)).first()
        if found is None:
            raise CommandError("Nobody here has this reference or address.")
        return found
