from django.core.management.base import BaseCommand

from accounts.services import reminders


class Command(BaseCommand):
    help = "Remind the reviewers, once a day, of overdue registrations and of messages that were not sent."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count whom")

    def handle(self, *, dry_run, **options):
        count = reminders.remind_reviewers(dry_run=dry_run)
        self.stdout.write(f"{count} reviewers {'would be ' if dry_run else ''}reminded")
