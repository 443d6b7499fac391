from django.core.management.base import BaseCommand

from directory import search
from directory.models import Listing


class Command(BaseCommand):
    help = "Write the search documents of all listings again, after a change of `directory.tokens`."

    def handle(self, **options):
        count = 0
        for listing in Listing.objects.iterator():
            search.index(listing)
            count += 1
        self.stdout.write(f"{count} search documents written")
