from django.core.management.base import BaseCommand

from inquiries import services


class Command(BaseCommand):
    help = "Delete the inquiries whose address was not confirmed within a day (R110)."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        count = services.delete_unconfirmed(dry_run=dry_run)
        self.stdout.write(f"{count} inquiries {'would be ' if dry_run else ''}deleted")
