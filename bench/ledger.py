"""The consent ledger at 1,000,000 events. `python -m bench.ledger` gives JSON: what, value, unit, bar, if it holds."""

import json
import os
import statistics
import sys
import time
import uuid

import psycopg

from tests.plugin import Run, database_copy

ROWS, BATCH = 1_000_000, 50_000
APPENDED, READ = 3_000, 1_000
# What `ledger.append` writes for a newsletter, by the real triggers; in transactions of a batch each.
FILL = """
    INSERT INTO privacy_ledgerevent (ref, subject_ref, matter, state, purpose, topic, document, version, version_hash,
        language, at, actor, method, proof)
    SELECT gen_random_uuid(), gen_random_uuid(), matter, state, purpose, topic, document, version, version_hash,
        language, at, actor, method, proof
    FROM privacy_ledgerevent, generate_series(1, %s) WHERE seq = %s
"""


def fill(event):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for _batch in range(ROWS // BATCH):
            cursor.execute(FILL, [BATCH, event.pk])


def tidy_up():
    """What autovacuum does in an installation; the test server runs without it."""
    url = f"{os.environ['DATABASE_OWNER_URL'].rpartition('/')[0]}/{os.environ['DATABASE_URL'].rpartition('/')[2]}"
    with psycopg.connect(url, autocommit=True) as owners:
        owners.execute("VACUUM (ANALYZE) privacy_ledgerevent, privacy_ledgerlink, privacy_currentstate")


def example(subject):
    """An event as a page writes it, as `(event, arguments of append)`."""
    from django.test import RequestFactory

    from privacy import ledger
    from privacy.models import Document, Matter, PolicyVersion, State
    from privacy.purposes import Purpose

    request = RequestFactory().post("/en/", headers={"User-Agent": "bench"})
    request.resolver_match, request.name = None, "0" * 32
    arguments = {
        "matter": Matter.CONSENT,
        "state": State.GIVEN,
        "purpose": Purpose.NEWSLETTER,
        "topic": "newsletter",
        "version": PolicyVersion.objects.get(document=Document.PRIVACY),
        "language": "en",
        "proof": ledger.proof_of(request, "consent-give", served="Newsletter"),
    }
    return ledger.append(subject.ref, **arguments), arguments


def per_second(count, act):
    began = time.perf_counter()
    act()
    return count / (time.perf_counter() - began)


def measured():
    """Yields (what, value, unit, bar, whether the bar is above)."""
    import django

    django.setup()
    from privacy import ledger
    from privacy.ledger import chain
    from privacy.models import LedgerEvent, Matter, Subject
    from privacy.purposes import Purpose

    subject = Subject.objects.create(language="en")
    event, arguments = example(subject)
    yield "events inserted, with their links", per_second(ROWS, lambda: fill(event)), "rows/s", None, False
    tidy_up()

    findings = []
    speed = per_second(ROWS, lambda: findings.append(chain.verify()))
    if findings[0].count or findings[0].head.size <= ROWS:
        raise ValueError(findings[0])
    yield f"verification of {findings[0].head.size} events", speed, "rows/s", 200_000, False

    def append():
        for _event in range(APPENDED):
            # Outside of a transaction, so that each commits its own.
            ledger.append(uuid.uuid4(), **arguments)

    yield "appending, one writer, a transaction each", per_second(APPENDED, append), "events/s", 1_000, False

    times = []
    for ref in LedgerEvent.objects.order_by("ref").values_list("subject_ref", flat=True)[:READ]:
        began = time.perf_counter()
        ledger.state_of(ref, Matter.CONSENT, Purpose.NEWSLETTER, "newsletter")
        times.append((time.perf_counter() - began) * 1000)
    yield "reading a person's state, median", statistics.median(times), "ms", 1, True


def result(what, value, unit, bar, is_upper):
    holds = bar is None or (value < bar if is_upper else value > bar)
    return {"what": what, "value": round(value, 2), "unit": unit, "bar": bar, "holds": holds}


def main():
    run = Run()
    run.start()
    try:
        with database_copy(f"test_bench_{os.getpid()}") as name:
            os.environ |= {
                "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "LOG_LEVEL": "ERROR",
            }
            json.dump([result(*one) for one in measured()], sys.stdout, indent=2)
    finally:
        run.stop()


if __name__ == "__main__":
    main()
