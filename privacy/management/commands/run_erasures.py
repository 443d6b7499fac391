from django.core.management.base import BaseCommand

from privacy import erasure


class Command(BaseCommand):
    help = "Delete the data of everybody whose time to call it off is over. It also runs every minute by itself."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        done = erasure.run_due(dry_run=dry_run)
        self.stdout.write(f"{len(done)} people {'found' if dry_run else 'erased'}")
