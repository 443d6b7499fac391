from django.core.management.base import BaseCommand

from privacy.requests import identity


class Command(BaseCommand):
    help = "Give up the requests of strangers whose address was not confirmed within a week (R100)."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        count = identity.abandon_unconfirmed(dry_run=dry_run)
        self.stdout.write(f"{count} requests {'would be ' if dry_run else ''}given up")
