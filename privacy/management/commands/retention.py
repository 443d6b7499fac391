from django.core.management.base import BaseCommand, CommandError

from privacy import expiry
from privacy.models import RetentionOutcome


class Command(BaseCommand):
    help = "End what is past its time of keeping (R110). Only signed times count; each run leaves its evidence."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        run = expiry.run(dry_run=dry_run)
        outcomes = set()
        for result in run.results.all():
            outcomes.add(result.outcome)
            held = f", {result.held} of them held back" if result.held else ""
            if result.due or result.outcome == RetentionOutcome.FAILED:
                self.stdout.write(
                    f"{result.model} ({result.kind}): {result.due} of {result.rows} due{held}; {_in_words(result)}"
                )
        self.stdout.write(f"Run {run.pk}: {sum(result.done for result in run.results.all())} rows ended.")
        if RetentionOutcome.FAILED in outcomes:
            raise CommandError("Something failed; the log names it.", returncode=1)
        if RetentionOutcome.STOPPED in outcomes:
            raise CommandError("A privacy officer must look at what was stopped, in the admin.", returncode=2)


def _in_words(result):
    return {
        RetentionOutcome.DONE: f"{result.done} ended",
        RetentionOutcome.COUNTED: "only counted",
        RetentionOutcome.UNSIGNED: "the time is not signed, so nothing was done",
        RetentionOutcome.STOPPED: "stopped, because it is more than a night's work",
        RetentionOutcome.FAILED: "failed",
    }[result.outcome]
