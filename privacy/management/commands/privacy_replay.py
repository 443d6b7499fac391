from django.core.management.base import BaseCommand, CommandError

from privacy import erasure
from privacy.erasure.journal import JournalBroken


class Command(BaseCommand):
    help = "Erase again whoever the journal says is erased and a restored backup brought back (R110). Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        try:
            entries = erasure.replay(dry_run=dry_run)
        except JournalBroken as error:
            raise CommandError(f"Line {error.args[0]} of the journal of erasures was altered or taken out.") from error
        self.stdout.write(f"{len(entries)} people {'would be ' if dry_run else ''}erased again")
