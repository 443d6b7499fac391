from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tmgportal.demonstration import choices, handovers, loading, numbers
from tmgportal.demonstration.facts import SHORT_EMAILS
from tmgportal.demonstration.operators import everybody


class Command(BaseCommand):
    help = "Fill the portal with 300 invented operators and eight log-ins. Once only; a demonstration only."

    def add_arguments(self, parser):
        parser.add_argument("--few", action="store_true", help="only the first operator of each side and state")

    def handle(self, *, few, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("This is no demonstration; nothing was loaded.")
        if loading.is_loaded():
            self.stdout.write("The invented operators are there already.")
        else:
            everyone = everybody()
            loading.load(loading.few_of(everyone) if few else everyone, self.stdout.write)
            choices.make()
            handovers.make_from_demonstration()
            numbers.make()
        text = _logins()
        path = settings.BASE_DIR / "var/demonstration-logins.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.stdout.write(text)


def _logins():
    domestic, overseas, applicant = SHORT_EMAILS.values()
    administrator, reviewer, officer = loading.STAFF
    people = {
        "Staff (administrator)": administrator,
        "Staff (reviewer)": reviewer,
        "Staff (privacy officer)": officer,
        "Staff (second officer)": loading.SECOND_OFFICER,
        "Staff of the contractor": loading.CONTRACTOR_STAFF,
        "Approved in Tokyo": domestic,
        "Approved overseas": overseas,
        "Applicant halfway": applicant,
    }
    lines = [f"{name + ':':<26}{email}" for name, email in people.items()]
    return "\n".join(["Log in with any of these:", *lines, f"{'Password of all:':<26}{loading.PASSWORD}", ""])
