from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.fields import canonical_email
from accounts.models import User
from accounts.services import staff


class Command(BaseCommand):
    help = (
        "Remove the second factors of somebody who lost them, and log them out everywhere. "
        "Make sure first, face to face or by a known telephone number, that it is they who ask."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="kept in the audit; name no person")

    def handle(self, *, email, reason, **options):
        try:
            person = User.objects.get(email=canonical_email(email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except User.DoesNotExist as error:
            raise CommandError(f"There is no account with the address {email}.") from error
        if not reason.strip():
            raise CommandError("Give a reason.")
        if staff.reset_second_factor(person, by=None, reason=reason.strip()):
            self.stdout.write(
                f"{person.email} is logged out everywhere, has no second factor any more, and is told so."
            )
        else:
            self.stdout.write(f"{person.email} had no second factor; they are logged out everywhere.")
