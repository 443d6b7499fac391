from django.core.management.base import BaseCommand

from privacy import usage


class Command(BaseCommand):
    help = "Forget the search terms that few used in the months that are over (R122)."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        count = usage.drop_rare_terms(dry_run=dry_run)
        self.stdout.write(f"{count} terms {'would be ' if dry_run else ''}dropped")
