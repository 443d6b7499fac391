from django.core.management.base import BaseCommand

from directory.services import files


class Command(BaseCommand):
    help = "Delete the files of photos that no draft and no listing shows, such as those of an upload that failed."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        swept = files.sweep(dry_run=dry_run)
        self.stdout.write(f"{swept} photos without a draft or listing {'found' if dry_run else 'deleted'}")
