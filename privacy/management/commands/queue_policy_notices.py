from django.core.management.base import BaseCommand

from privacy.policies import notices


class Command(BaseCommand):
    help = "Queue the mails by which people are told of announced policy versions, as far as they are due (R010)."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *, dry_run, **options):
        if dry_run:
            count = sum(notices.progress(version)["unqueued"] for version in notices.running())
        else:
            count = 0
            while queued := notices.queue_due():
                count += queued
        self.stdout.write(f"{count} mails {'would be ' if dry_run else ''}queued")
