from django.core.management.base import BaseCommand

from privacy import packages


class Command(BaseCommand):
    help = "Empty the copies of data that were fetched an hour ago, or not fetched in time."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, dry_run, **options):
        self.stdout.write(f"{packages.expire(dry_run=dry_run)} copies emptied{' (not really)' if dry_run else ''}")
