import base64
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand

from privacy.handover import signatures


class Command(BaseCommand):
    help = "Make a new key for signing hand-overs, and say what to set. Nothing changes before the settings do."

    def handle(self, **options):
        # The private key is printed once, for whoever keeps the settings, and stored nowhere.
        new = base64.b64encode(secrets.token_bytes(32)).decode()
        former = [signatures.public_line(), *settings.EXPORT_FORMER_KEYS]
        self.stdout.write("Set these, and restart the portal and the workers:")
        self.stdout.write(f"EXPORT_SIGNING_KEY={new}")
        self.stdout.write(f"EXPORT_FORMER_KEYS={','.join(former)}")
        self.stdout.write(f"\n{settings.SITE_URL}/.well-known/handover-allowed-signers will then say:")
        self.stdout.write(signatures.allowed_signers(signatures.public_line(new), former))
        self.stdout.write("Have each recipient fetch that file anew, and compare it with them by telephone.")
