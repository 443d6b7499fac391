from django.core.management.base import BaseCommand, CommandError

from privacy import erasure
from privacy.erasure import journal


class Command(BaseCommand):
    help = "Erase again whoever the journal says is erased and a restored backup brought back (R110). Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")
        parser.add_argument(
            "--journal-lost",
            action="store_true",
            help="write the journal anew from what the database knows; later erasures are forgotten, for good",
        )

    def handle(self, *, dry_run, journal_lost, **options):
        try:
            if journal_lost and not dry_run:
                self.stdout.write(f"{journal.write_known()} erasures written down again")
            entries = erasure.replay(dry_run=dry_run)
        except journal.JournalBroken as error:
            raise CommandError(f"Line {error.args[0]} of the journal of erasures was altered or taken out.") from error
        self.stdout.write(f"{len(entries)} people {'would be ' if dry_run else ''}erased again")
