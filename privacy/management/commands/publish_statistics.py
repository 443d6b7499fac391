from django.core.management.base import BaseCommand

from privacy import statistics


class Command(BaseCommand):
    help = "Publish the statistics of this month (R156), once. Also by itself, every night that finds none."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be published")

    def handle(self, *, dry_run, **options):
        if dry_run:
            for outcome in statistics.preview():
                self.stdout.write(f"{outcome.table}: {_in_words(outcome.content)}")
            return
        made = statistics.publish_due()
        for release in made:
            self.stdout.write(f"{release.table}: {_in_words(release.content)}")
        if not made:
            self.stdout.write("This month has its release already.")


def _in_words(content):
    if content is None:
        return "refused, too small to be shown"
    together = sum(len(one["members"]) > 1 for dimension in content["dimensions"] for one in dimension["categories"])
    return f"{len(content['numbers'])} numbers, {together} of the categories hold several"
