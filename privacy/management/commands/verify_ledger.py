from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from privacy.ledger import chain, checkpoints, keys

BROKEN, NOT_CHECKED = 1, 2


class Command(BaseCommand):
    """Exit code 0: all agrees. 1: something was changed, and the text says where. 2: it could not be checked whole."""

    help = "Read the consent ledger from its first event on; compare it with every checkpoint and the current states."

    def add_arguments(self, parser):
        parser.add_argument(
            "--public-key",
            metavar="FILE",
            type=Path,
            help="Trust this key only (PEM or verifier key), and not the settings of this installation.",
        )

    def handle(self, *, public_key, **options):
        trusted = self._trusted(public_key)
        try:
            finding, known = checkpoints.verify(trusted)
        except OSError as error:
            message = f"The checkpoints cannot be read: {error.filename}: {error.strerror}"
            raise CommandError(message, returncode=NOT_CHECKED) from error
        if wrong := chain.differences():
            finding.add(f"{wrong} current states differ from the ledger; rebuild_current_states makes them anew")
        for fault in finding.faults:
            self.stderr.write(fault)
        if finding.count:
            raise CommandError(f"The ledger is broken: {finding.count} faults.", returncode=BROKEN)
        if finding.head.size and not known:
            message = f"{finding.head.size} events agree, but no checkpoint says that there were not more."
            raise CommandError(message, returncode=NOT_CHECKED)
        self.stdout.write(self._summary(finding.head, known))

    def _summary(self, head, known):
        if not head.size:
            return "The ledger is empty."
        last = known[-1]
        return (
            f"{head.size} events agree with the chain, with {len(known)} checkpoints and with the current states.\n"
            f"Last checkpoint: {last.made_at:%Y-%m-%d %H:%M} UTC, {last.head.size} events.\n"
            f"Root: {head.root.hex()}"
        )

    def _trusted(self, public_key):
        try:
            return [keys.read(public_key.read_text())] if public_key else keys.trusted()
        except (OSError, UnicodeDecodeError, keys.UnreadableKey, ImproperlyConfigured) as error:
            raise CommandError(f"The public key cannot be used: {error}", returncode=NOT_CHECKED) from error
