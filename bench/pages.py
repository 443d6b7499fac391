"""How long pages take with the demonstration's 300 operators, without a network: `python -m bench.pages` gives JSON."""

import json
import os
import statistics
import sys
import time

from tests.plugin import Run, database_copy

REPEATS = 30
PATHS = [
    "/en/",
    "/en/my-page/",
    "/en/partners/",
    "/ja/partners/?q=旅",
    "/en/partners/?q=hotel&category=ACC&language=en&sort=name",
    "/en/partners/saved/",
]


def milliseconds(client, path):
    began = time.perf_counter()
    response = client.get(path)
    if response.status_code != 200:
        raise ValueError(f"{path}: {response.status_code}")
    return (time.perf_counter() - began) * 1000


def measured():
    """{path: {"median": ms, "p95": ms}}, as the overseas log-in of the demonstration sees it."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from accounts.models import User
    from directory.models import Listing
    from tmgportal.demonstration import loading
    from tmgportal.demonstration.operators import everybody

    loading.load(everybody(), lambda step: None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = User.objects.get(email="paris@demo.example")
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    listing = Listing.objects.visible_to(person).newest_first()[0]
    found = {}
    for path in [*PATHS, listing.get_absolute_url()]:
        milliseconds(client, path)
        times = sorted(milliseconds(client, path) for _time in range(REPEATS))
        found[path] = {
            "median": round(statistics.median(times), 1),
            "p95": round(times[int(REPEATS * 0.95)], 1),
        }
    return found


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
            json.dump(measured(), sys.stdout, ensure_ascii=False, indent=2)
    finally:
        run.stop()


if __name__ == "__main__":
    main()
