"""Sealing 100,000 operators. `python -m bench.handover` gives JSON: what, value, unit, bar, if it holds.

Each is done in turns, in a process of its own, which then tells its time and its largest memory. The best time of each
counts: whatever else the machine does can only add to it.
"""

import json
import os
import resource
import subprocess
import sys
import time
import zlib

ROWS, TIMES = 100_000, 5
COLUMNS = [
    "operator", "name_en", "name_ja", "side", "country", "municipality", "address", "telephone", "email", "website",
    "contact", "categories", "languages", "registered",
]  # fmt: skip
MEMORY_BAR, RATIO_BAR = 200, 0.5


def rows():
    """Rows as long and as varied as real ones, for less time than it takes to write them.

    The same texts come again after 5,000 rows, which is farther back than the compression looks.
    """
    texts = [_texts(zlib.crc32(str(number).encode())) for number in range(5_000)]
    for number in range(ROWS):
        yield [f"OP-{number:06}", *texts[number % 5_000]]


def _texts(mark):
    return [
        f"Business {mark:08x} Co., Ltd.",
        f"株式会社観光{mark % 99991}",
        "seller" if mark % 3 else "buyer",
        "JP" if mark % 3 else "FR",
        f"東京都第{mark % 62}区",
        f"{mark % 9}-{mark % 31}-{mark % 17} 橋通り ビル{mark % 997}階",
        f"+81 3-{mark % 10_000:04}-{mark // 10_000 % 10_000:04}",
        f"contact-{mark:x}@business-{mark % 7919}.example",
        f"https://business-{mark % 99_991}.example/",
        f"担当 {mark % 4999}",
        "ryokan tour" if mark % 2 else "guide",
        "en ja" if mark % 5 else "fr",
        f"2026-{mark % 12 + 1:02}-{mark % 28 + 1:02}",
    ]


def nothing():
    """What a process takes that only knows how."""


def compressing():
    """The ZIP compression alone: the same table, at the same level."""
    from privacy.handover import bundle, tables

    table = b"".join(tables.csv(COLUMNS, rows()))
    began = time.perf_counter()
    compress = zlib.compressobj(bundle.LEVEL, wbits=-zlib.MAX_WBITS)
    compress.compress(table)
    compress.flush()
    return time.perf_counter() - began, len(table)


def sealing():
    """From the rows to the sealed file on the disk and its signature, as a hand-over is built."""
    from privacy.handover import tables

    return _sealed(tables.csv(COLUMNS, rows()))


def sealing_a_table():
    """The same from where the compression begins: with the table written."""
    from privacy.handover import tables

    return _sealed(list(tables.csv(COLUMNS, rows())))


def _sealed(chunks):
    import tempfile
    from pathlib import Path

    import pyrage

    from privacy.handover import bundle, passwords, signatures

    key = str(pyrage.x25519.Identity.generate().to_public())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.zip.age"
        began = time.perf_counter()
        with bundle.new_file(path) as file:
            files = [("operators.csv", chunks)]
            sealed = bundle.write(file, files, manifest=dict, password=passwords.new(), public_key=key)
        with path.open("rb") as file:
            signatures.sign(file)
        return time.perf_counter() - began, sealed.manifest["files"][0]["size"]


def own_process(task):
    """(seconds, bytes of the table, MB of memory at most) of `task`, done in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.handover", task], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measured():
    """Yields (what, value, unit, bar, whether the bar is above)."""
    tasks = ("nothing", "compressing", "sealing_a_table", "sealing")
    runs = [{task: own_process(task) for task in tasks} for _time in range(TIMES)]
    compressed, table, whole = (min(run[task][0] for run in runs) for task in tasks[1:])
    idle, memory = (max(run[task][2] for run in runs) for task in ("nothing", "sealing"))
    size = runs[0]["sealing"][1] / 1e6
    yield f"table of {ROWS} operators", size, "MB", None, False
    yield "compression alone", size / compressed, "MB/s", None, False
    yield "sealed and signed bundle of the table", size / table, "MB/s", None, False
    yield "that, as a share of compression alone", compressed / table, "", RATIO_BAR, False
    yield "sealed and signed bundle, the table being written from rows meanwhile", size / whole, "MB/s", None, False
    yield "that, as a share of compression alone", compressed / whole, "", None, False
    yield "memory of the whole process at most, from rows", memory, "MB", MEMORY_BAR, True
    yield "of that added by sealing", memory - idle, "MB", None, True


def result(what, value, unit, bar, is_upper):
    holds = bar is None or (value < bar if is_upper else value >= bar)
    return {"what": what, "value": round(value, 2), "unit": unit, "bar": bar, "holds": holds}


def main():
    os.environ |= {"SECRET_KEY": "bench", "DATABASE_URL": "postgres:///none", "REDIS_URL": "redis://none"}
    os.environ |= {
        "EXPORT_SIGNING_KEY": "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmU=",
        "DJANGO_SETTINGS_MODULE": "tmgportal.settings",
    }
    if len(sys.argv) == 1:
        json.dump([result(*one) for one in measured()], sys.stdout, indent=2)
        return
    import django

    django.setup()
    tasks = {task.__name__: task for task in (nothing, compressing, sealing, sealing_a_table)}
    seconds, size = tasks[sys.argv[1]]() or (0, 0)
    json.dump([seconds, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024], sys.stdout)


if __name__ == "__main__":
    main()
