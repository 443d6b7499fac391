from django.core.management.base import BaseCommand

from outbox import delivery
from outbox.models import Message


class Command(BaseCommand):
    help = "Send the messages that are due, as the worker does every thirty seconds."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say how many are due.")

    def handle(self, *, dry_run, **options):
        if dry_run:
            self.stdout.write(f"{Message.objects.due().count()} messages are due")
        else:
            self.stdout.write(f"{delivery.sweep()} messages tried")
