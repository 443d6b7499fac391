from django.core.management.base import BaseCommand, CommandError

from privacy import encryption, rotation


class Command(BaseCommand):
    help = "Seal anew, with the first of FIELD_KEYS, what the others seal. While the portal serves; safe to interrupt."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        rotated = rotation.rotate(dry_run=dry_run)
        self.stdout.write(f"{rotated.done} values sealed anew")
        newest, *older = encryption.ids()
        self.stdout.write(f"Key {newest.hex()}, the newest, seals {rotated.left[newest]}.")
        for key_id in older:
            count = rotated.left[key_id]
            advice = "keep it in FIELD_KEYS" if count else "it may be taken out of FIELD_KEYS"
            self.stdout.write(f"Key {key_id.hex()} seals {count}: {advice}.")
        unknown = sum(count for key_id, count in rotated.left.items() if key_id not in encryption.ids())
        if rotated.broken or unknown:
            raise CommandError(
                f"{rotated.broken} values do not open, and {unknown} are sealed by keys that FIELD_KEYS does not name.",
                returncode=2,
            )
        if any(rotated.left[key_id] for key_id in older) and not dry_run:
            raise CommandError("Somebody held some of them; run this again.", returncode=1)
