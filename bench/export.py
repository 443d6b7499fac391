"""Handing over 100,000 operators out of the database: `python -m bench.export` gives JSON: what, value, unit, bar.

The hand-over is built in a process of its own, as a worker does: asked of the gate, written down row by row, sealed,
signed and committed. Then the same process compresses the same table alone, at the same level. bench.handover measures
the sealing without the database.
"""

import io
import json
import os
import re
import subprocess
import sys
import time
import zlib
from pathlib import Path

from tests.plugin import Run, as_owner, database_copy

ROWS = 100_000
MEMORY_BAR, RATIO_BAR = 200, 0.5
# What differs from one operator to the next, as SQL over the number `n`.
VARIED = {
    "id": "1000000 + n",
    "ref": "md5(n::text)::uuid",
    "subject_ref": "md5(n::text)::uuid",
    "contact_id": "1000000 + n",
    "operator_id": "1000000 + n",
    "business_name": "'見本旅館' || md5(n::text)",
    "business_name_romanised": "'Mihon Ryokan ' || md5(n::text)",
    "contact_name": "'見本 ' || left(md5(n::text), 8)",
    "contact_email": "'contact' || n || '@business' || mod(n, 7919) || '.example'",
    "telephone": "'+81335' || lpad(mod(n, 1000000)::text, 6, '0')",
    "contact_telephone": "'+81345' || lpad(mod(n, 1000000)::text, 6, '0')",
}


def fill():
    """The operators, each a copy of one that the tests make, and a hand-over of them that was released.

    Returns (key of the hand-over, the identity that opens it).
    """
    from django.contrib.auth.models import Group
    from django.db import connection

    from accounts.models import Operator, OperatorPeople
    from privacy.models import CurrentState, Subject
    from tests.factories import UserFactory
    from tests.privacy.handover.runs import Contractor, operator

    def staff(role):
        person = UserFactory(is_staff=True, recipient="contractor" if role == "contractor operations" else "")
        person.groups.add(Group.objects.get(name=role))
        return person

    one = operator()
    with connection.cursor() as cursor:
        for model, column, value in (
            (Subject, "id", one.contact_id),
            (Operator, "id", one.pk),
            (OperatorPeople, "operator_id", one.pk),
        ):
            cursor.execute(*copies(model, column, value))
    # The portal itself writes states by way of the ledger only, one after the other. Here all share the same events,
    # which reading them does not feel.
    with as_owner(dbname=connection.settings_dict["NAME"]) as owner:
        owner.execute("ALTER TABLE privacy_currentstate DROP CONSTRAINT privacy_currentstate_event_id_key")
        owner.execute(*copies(CurrentState, "subject_ref", one.contact.ref))
        owner.execute("ANALYZE")
    contractor = Contractor(staff)
    return contractor.released().pk, str(contractor.identity)


def copies(model, column, value):
    """(SQL, its values) that copies the rows of `model` whose `column` is `value`, varied, until there are enough."""
    # A state has no number by which another table names it.
    left = {"id"} if column == "subject_ref" else set()
    names = [f.column for f in model._meta.concrete_fields if not f.generated and f.column not in left]
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in names)
    values = ", ".join(VARIED.get(name, f'"{name}"') for name in names)
    return (
        f'INSERT INTO "{table}" ({columns}) SELECT {values} '  # noqa: S608
        f'FROM "{table}", generate_series(1, %s) AS n WHERE "{column}" = %s',
        [ROWS - 1, value],
    )


def built(pk, identity):
    """Build it. Returns (seconds, MB of memory at most, seconds of the compression alone, rows, bytes of the table)."""
    import pyrage
    import pyzipper

    from privacy import encryption, handover
    from privacy.handover import bundle, runs
    from privacy.models import Export

    began = time.perf_counter()
    handover.build(pk)
    took = time.perf_counter() - began
    # What getrusage tells counts the process that started this one, too.
    memory = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    export = Export.objects.get(pk=pk)
    sealed = pyrage.decrypt(runs.path_of(export).read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    password = encryption.unseal(bytes(export.sealed_password), encryption.place(export, "sealed_password"))
    with pyzipper.AESZipFile(io.BytesIO(sealed)) as archive:
        table = archive.read(runs.TABLE, password)
    began = time.perf_counter()
    compress = zlib.compressobj(bundle.LEVEL, wbits=-zlib.MAX_WBITS)
    compress.compress(table)
    compress.flush()
    return took, memory, time.perf_counter() - began, export.rows, len(table)


def results(took, memory, compressed, rows, size):
    """Yields what is written into the file of the bench."""
    yield {"what": "rows handed over", "value": rows, "unit": "", "bar": ROWS, "holds": rows == ROWS}
    yield {"what": "table", "value": round(size / 1e6, 2), "unit": "MB", "bar": None, "holds": True}
    yield {
        "what": "from the database to the signed file",
        "value": round(took, 2),
        "unit": "s",
        "bar": None,
        "holds": True,
    }
    yield {
        "what": "compression of the table alone",
        "value": round(compressed, 2),
        "unit": "s",
        "bar": None,
        "holds": True,
    }
    ratio = compressed / took
    yield {
        "what": "speed from the database, as a share of compression alone",
        "value": round(ratio, 3),
        "unit": "",
        "bar": RATIO_BAR,
        "holds": ratio >= RATIO_BAR,
    }
    yield {
        "what": "memory of the whole process at most",
        "value": round(memory, 1),
        "unit": "MB",
        "bar": MEMORY_BAR,
        "holds": memory < MEMORY_BAR,
    }


def main():
    import django

    if len(sys.argv) > 1:
        django.setup()
        json.dump(built(int(sys.argv[1]), sys.argv[2]), sys.stdout)
        return
    run = Run()
    run.start()
    try:
        with database_copy(f"test_bench_{os.getpid()}") as name:
            os.environ |= {
                "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "LOG_LEVEL": "ERROR",
            }
            django.setup()
            command = [sys.executable, "-m", "bench.export", *map(str, fill())]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            json.dump(list(results(*json.loads(done.stdout))), sys.stdout, indent=2)
    finally:
        run.stop()


if __name__ == "__main__":
    main()
