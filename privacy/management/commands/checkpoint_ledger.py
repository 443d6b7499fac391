from django.core.management.base import BaseCommand, CommandError

from privacy.ledger import checkpoints


class Command(BaseCommand):
    """Exit code 0: written. 1: the ledger is broken, and nothing was written. 2: the journal cannot be written."""

    help = "Check the consent ledger since its last checkpoint, and write down the next one, signed."

    def handle(self, **options):
        try:
            checkpoint = checkpoints.make()
        except checkpoints.LedgerBroken as error:
            for fault in error.faults:
                self.stderr.write(fault)
            raise CommandError("The ledger is broken; no checkpoint was written.", returncode=1) from error
        except OSError as error:
            raise CommandError(f"No checkpoint can be kept: {error}", returncode=2) from error
        if checkpoint is None:
            self.stdout.write("The ledger is empty; there is nothing to write down yet.")
        else:
            self.stdout.write(f"{checkpoint.name}: {checkpoint.head.size} events")
