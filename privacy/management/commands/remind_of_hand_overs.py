from django.core.management.base import BaseCommand

from privacy import handover


class Command(BaseCommand):
    help = "Remind recipients of hand-overs that they have not fetched, opened or destroyed. It runs daily by itself."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only name them")

    def handle(self, *, dry_run, **options):
        found = handover.remind(dry_run=dry_run)
        for export in found:
            self.stdout.write(f"{export.number}: {handover.stage(export).label}")
        self.stdout.write(f"{len(found)} {'late' if dry_run else 'reminded'}")
