from django.core.management.base import BaseCommand

from privacy.requests import reminders


class Command(BaseCommand):
    help = "Remind the privacy officers, once a day, of requests whose legal time runs out or has run out."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count the requests")

    def handle(self, *, dry_run, **options):
        count = reminders.remind_officers(dry_run=dry_run)
        self.stdout.write(f"{count} requests {'would be ' if dry_run else ''}named")
