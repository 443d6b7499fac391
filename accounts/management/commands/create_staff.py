from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import override

from accounts.fields import canonical_email
from accounts.services import staff
from accounts.staff_roles import StaffRole


class Command(BaseCommand):
    help = "Make somebody a member of staff with exactly the given roles; done again, it changes the roles."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument(
            "--role", dest="roles", action="append", required=True, choices=StaffRole.values, help="may be repeated"
        )
        parser.add_argument(
            "--recipient", default="", help="code of the company they work for, from the register; the city otherwise"
        )
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), help="of their mail; ja for a new account")

    def handle(self, *, email, roles, recipient, language, **options):
        try:
            email = canonical_email(email)
            person, is_new = staff.create_staff(email, roles=roles, recipient=recipient, language=language)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except staff.OfAnOperator as error:
            raise CommandError(f"{email} acts for an operator. Staff need an account of their own.") from error
        except staff.Deactivated as error:
            raise CommandError(f"{email} is deactivated. An administrator gives access back in the admin.") from error
        except staff.UnknownRecipient as error:
            raise CommandError(f"The register of recipients knows no {recipient}.") from error
        except staff.OfNoRecipient as error:
            message = f"Who has the role {StaffRole.CONTRACTOR} works for a company: name it with --recipient."
            raise CommandError(message) from error
        done = "is now staff" if is_new else "was known already and has these roles now"
        self.stdout.write(f"{email} {done}: {', '.join(sorted(roles))}")
        if not person.has_usable_password():
            with override(person.language):
                page = f"{settings.SITE_URL}{reverse('account_reset_password')}"
            self.stdout.write(f"They set a password with a code that is mailed to them: {page}")
        if settings.STAFF_SECOND_FACTOR_REQUIRED:
            self.stdout.write("After logging in they set up a second factor; the admin opens then.")
