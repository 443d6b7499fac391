from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tmgportal import backups, serving


class Command(BaseCommand):
    help = "Put a backup in place of an empty installation. Everything is checked before anything is touched."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path, help="the backup")
        parser.add_argument("--replace", action="store_true", help="lose what the database and the folders hold now")
        parser.add_argument("--check", action="store_true", help="only read and check the backup")
        parser.add_argument("--unsigned", action="store_true", help="accept one from before backups were signed")
        parser.add_argument(
            "--journal-lost", action="store_true", help="accept that the journal of erasures is lost, for good"
        )

    def handle(self, *, source, replace, check, unsigned, journal_lost, **options):
        try:
            if check:
                manifest = backups.check(source, unsigned=unsigned)
            else:
                manifest = backups.restore(source, replace=replace, unsigned=unsigned, journal_lost=journal_lost)
        except backups.BackupError as error:
            raise CommandError(f"{source} was not restored. {error}") from error
        self.stdout.write(f"{source}: of {manifest['made_at']}, whole{'' if check else ', and restored'}")
        if not check:
            self.stdout.write("Run: manage.py migrate")
            if journal_lost:
                self.stdout.write(
                    f"Whoever was erased after {manifest['made_at']} and is missing in the journal is back, and "
                    f"nothing here knows who. Then run: {serving.REPLAY} --journal-lost. "
                    "Erase them again by hand before the public can reach the portal."
                )
            elif serving.look():
                self.stdout.write(
                    f"People who were erased since are back. Nobody sees a page before you run: {serving.REPLAY}"
                )
