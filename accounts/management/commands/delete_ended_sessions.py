from django.core.management.base import BaseCommand

from accounts.services import people


class Command(BaseCommand):
    help = "Delete the log-ins that are over (R110)."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        count = people.delete_ended_sessions(dry_run=dry_run)
        self.stdout.write(f"{count} log-ins {'would be ' if dry_run else ''}deleted")
