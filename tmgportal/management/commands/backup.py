from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tmgportal import backups


class Command(BaseCommand):
    help = "Write one sealed file of database, photos and hand-overs into a folder, and read it back."

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="the folder")
        parser.add_argument("--delete-outdated", action="store_true", help="delete those that are past their time")

    def handle(self, *, target, delete_outdated, **options):
        try:
            path, manifest = backups.make(target)
        except backups.BackupError as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(
            f"{path}: written and read back; {path.stat().st_size} bytes, {len(manifest['files'])} files, "
            f"{manifest['database']['size']} bytes of database"
        )
        for old in backups.outdated(target):
            if delete_outdated:
                old.unlink()
            self.stdout.write(f"{old}: past its time, {'deleted' if delete_outdated else 'delete it'}")
