"""The official text of a policy, from files. Without `--announce` it waits as a draft in the staff's pages."""

from argparse import ArgumentTypeError
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from privacy.models import ChangeClass, Document
from privacy.policies import drafting, official, publishing
from privacy.purposes import Purpose


def moment(text):
    """ "2027-01-15 09:00", in Tokyo's time unless it has a zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a moment such as 2027-01-15T09:00") from None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2027-01-15") from None


class Command(BaseCommand):
    help = "Load the official text of a policy, in both languages, as its next version. The same text again is none."

    def add_arguments(self, parser):
        parser.add_argument("document", choices=Document.values)
        parser.add_argument("--en", required=True, type=Path, metavar="FILE", help="the text in English (Markdown)")
        parser.add_argument("--ja", required=True, type=Path, metavar="FILE", help="the text in Japanese (Markdown)")
        parser.add_argument("--summary-en", required=True, metavar="TEXT", help="what changes, in English")
        parser.add_argument("--summary-ja", required=True, metavar="TEXT", help="what changes, in Japanese")
        parser.add_argument("--class", dest="change_class", choices=ChangeClass.values, default=ChangeClass.NOTICE)
        parser.add_argument("--effective", dest="effective_at", type=moment, metavar="MOMENT", help="takes effect")
        parser.add_argument("--notify-from", type=moment, metavar="MOMENT", help="mails leave from; otherwise at once")
        parser.add_argument(
            "--notice-until",
            type=moment,
            metavar="MOMENT",
            help="notice on the site until; otherwise two weeks after the effect",
        )
        parser.add_argument("--enacted-on", type=day, metavar="DAY", help="the day on which the city enacted the text")
        parser.add_argument("--purposes", nargs="*", choices=Purpose.values, help="otherwise as before")
        parser.add_argument("--recipients", nargs="*", metavar="CODE", help="otherwise as before")
        parser.add_argument("--announce", action="store_true", help="announce it; from then on nothing in it changes")

    def handle(self, *, document, announce, **options):
        version, is_new = official.load(document, self._values(options))
        if version.announced_at:
            self.stdout.write(f"{document} {version.number} says this already; nothing was changed")
            return
        self.stdout.write(f"{document} {version.number}: the draft {'is written' if is_new else 'says this already'}")
        if announce:
            try:
                publishing.announce(version, seen=drafting.stamp(version), by=None)
            except ValidationError as error:
                raise CommandError("It is not announced:\n- " + "\n- ".join(error.messages)) from None
            self.stdout.write(f"{document} {version.number} is announced")

    def _values(self, options):
        asked = ("change_class", "effective_at", "notify_from", "notice_until", "enacted_on", "purposes", "recipients")
        values = {name: options[name] for name in asked if options[name] is not None}
        for language in drafting.LANGUAGES:
            summary = f"summary_{language}"
            values |= {f"body_{language}": self._read(options[language]), summary: options[summary]}
        return values

    def _read(self, path):
        try:
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read as a text in UTF-8: {error}") from None
