from django.core.management.base import BaseCommand, CommandError

from privacy.ledger import chain


class Command(BaseCommand):
    help = "Make what people said last anew from the ledger."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only count what differs; exit code 1 if anything.")

    def handle(self, *, dry_run, **options):
        wrong = chain.differences()
        if dry_run:
            if wrong:
                raise CommandError(f"{wrong} current states differ from the ledger.")
            self.stdout.write("The current states are what the ledger says.")
            return
        chain.rebuild()
        self.stdout.write(f"Made anew from the ledger; {wrong} current states differed.")
