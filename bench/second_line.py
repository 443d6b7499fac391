"""What row-level security costs a page of the demonstration: `python -m bench.second_line` gives JSON.

Rounds with it and without it take turns, so that whatever else the machine does slows down both.
"""

import json
import os
import statistics
import sys

from bench.pages import milliseconds
from tests.plugin import Run, as_owner, database_copy

ROUNDS, REPEATS = 8, 10


def measured(name):
    """{path: {"without": median ms, "with": median ms, "more": per cent}}, for the overseas log-in."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User
    from directory.models import Listing
    from tests.nobody import nobody
    from tmgportal.demonstration import loading
    from tmgportal.demonstration.operators import everybody

    loading.load(everybody(), lambda step: None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        tables = cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity").fetchall()
    person = User.objects.get(email="paris@demo.example")
    listing = Listing.objects.visible_to(person).newest_first()[0]
    paths = [
        *("/en/", "/en/my-page/", "/en/partners/", "/en/partners/saved/", listing.get_absolute_url()),
        reverse("accounts:operator-detail", args=[person.acting_for.ref]),
    ]
    middleware, browsers = settings.MIDDLEWARE, {}
    for word in ("with", "without"):
        settings.MIDDLEWARE = [each for each in middleware if word == "with" or "Acting" not in each]
        browsers[word] = Client(SERVER_NAME="localhost")
        browsers[word].force_login(person)
        browsers[word].get("/en/")
    times = {path: {"without": [], "with": []} for path in paths}
    with nobody():
        for _round in range(ROUNDS):
            for word, browser in browsers.items():
                with as_owner(dbname=name) as owner:
                    for (table,) in tables:
                        owner.execute(
                            f"ALTER TABLE {table} {'ENABLE' if word == 'with' else 'DISABLE'} ROW LEVEL SECURITY"
                        )
                for path in paths:
                    milliseconds(browser, path)
                    times[path][word] += (milliseconds(browser, path) for _time in range(REPEATS))
    return {path: _compared(found) for path, found in times.items()}


def _compared(found):
    without, with_it = (statistics.median(found[word]) for word in ("without", "with"))
    return {"without": round(without, 1), "with": round(with_it, 1), "more": round((with_it / without - 1) * 100, 1)}


def main():
    run = Run()
    run.start()
    try:
        with database_copy(f"test_bench_{os.getpid()}") as name:
            os.environ |= {
                "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "DEMONSTRATION": "1",
                "LOG_LEVEL": "ERROR",
            }
            json.dump(measured(name), sys.stdout, ensure_ascii=False, indent=2)
    finally:
        run.stop()


if __name__ == "__main__":
    main()
