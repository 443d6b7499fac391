"""Reads the whole ledger anew and finds every row that was changed, removed, inserted aside or cut off.

The chain: hash(n) = SHA-256(hash(n-1) + body of the event at position n), with nothing before the first. The body is
the columns of the event, a line each, as `BODY` puts them together. It is written down here again, apart from the
database's own function, so that whoever changes that one is found out.
"""

import hashlib
from dataclasses import dataclass, field

import psycopg
from django.db import connection, transaction
from psycopg.types.string import ByteaBinaryLoader

LINES = 16
BODY = """concat_ws(E'\\n',
    e.seq, e.ref, e.subject_ref, e.matter, e.state, e.purpose, e.topic, e.document, coalesce(e.version::text, ''),
    e.version_hash, e.language, extract(epoch FROM e.at), coalesce(extract(epoch FROM e.valid_until)::text, ''),
    e.actor, e.method, e.proof)"""
# What it is of an event that was removed: its columns that may be empty.
NOTHING = b"\n"
LINKS = f"""
    SELECT l.seq, l.hash, {BODY} FROM privacy_ledgerlink l
    LEFT JOIN privacy_ledgerevent e ON e.seq = l.event_id WHERE l.seq > %s ORDER BY l.seq
"""  # noqa: S608
UNLINKED = """
    SELECT e.seq FROM privacy_ledgerevent e LEFT JOIN privacy_ledgerlink l ON l.event_id = e.seq
    WHERE l.seq IS NULL ORDER BY e.seq LIMIT %s
"""
MOVED = "SELECT seq FROM privacy_ledgerlink WHERE seq < 1 ORDER BY seq LIMIT %s"
# Read another way than the trigger and the rebuild do: the newest event is the one that has no later one.
DIFFERENCES = """
    WITH newest AS (
        SELECT *, max(seq) OVER (PARTITION BY subject_ref, matter, purpose, topic, document) AS latest
        FROM privacy_ledgerevent
    )
    SELECT count(*) FROM (SELECT * FROM newest WHERE seq = latest) e FULL JOIN privacy_currentstate c
        ON c.event_id = e.seq
    WHERE (e.subject_ref, e.matter, e.purpose, e.topic, e.document, e.state, e.version, e.valid_until, e.at)
        IS DISTINCT FROM
        (c.subject_ref, c.matter, c.purpose, c.topic, c.document, c.state, c.version, c.valid_until, c.at)
"""
# Along the chain, row by row: any other plan first makes room for the whole ledger, and sorts it.
OTHER_PLANS = ["enable_hashjoin", "enable_mergejoin", "enable_sort", "enable_gathermerge"]
IN_ORDER = "; ".join(["SET LOCAL statement_timeout = 0", *(f"SET LOCAL {plan} = off" for plan in OTHER_PLANS)])
AS_PLANNED = "; ".join(f"SET LOCAL {plan} = on" for plan in OTHER_PLANS)
ROWS_AT_ONCE = 500
NAMED_FAULTS = 100


@dataclass(frozen=True)
class Head:
    """A position in the chain and its hash, which stands for everything up to there."""

    size: int = 0
    root: bytes = b""


@dataclass
class Finding:
    """What a reading found: how far it went, and the faults in words. `faults` names the first ones only."""

    head: Head
    faults: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, fault):
        self.count += 1
        if self.count <= NAMED_FAULTS:
            self.faults.append(fault)


def verify(after=Head(), known=()):
    """Read the chain behind the trusted head `after` to its end. Returns a `Finding`.

    `known` are (head, name) that were written down elsewhere, at or behind `after`: the chain must pass through each.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(IN_ORDER)
        finding = _read(after, known)
        with connection.cursor() as cursor:
            cursor.execute(AS_PLANNED)
            cursor.execute(UNLINKED, [NAMED_FAULTS])
            for (event,) in cursor:
                finding.add(f"event {event} stands outside the chain: it was inserted aside, or its link removed")
            cursor.execute(MOVED, [NAMED_FAULTS])
            for (link,) in cursor:
                finding.add(f"position {link} comes before the first: it was moved there")
    return finding


def _read(after, known):
    finding = Finding(after)
    if after.size and hash_at(after.size) != after.root:
        finding.add(f"position {after.size}: the ledger no longer agrees with the checkpoint there")
    waiting = sorted(known, key=lambda mark: mark[0].size, reverse=True)
    position, before = after.size, after.root
    # Row by row as the server finds them: the ledger never has to fit into memory.
    with psycopg.Cursor(connection.connection) as rows:
        # Bytes as they come, UTF-8, and not decoded to be encoded again.
        rows.adapters.register_loader("text", ByteaBinaryLoader)
        for link, root, body in rows.stream(LINKS, [after.size], binary=True, size=ROWS_AT_ONCE):
            position += 1
            if link != position:
                # Without the hash before it, the link behind a gap cannot be judged.
                finding.add(_gap(position, link))
                position = link
            elif body == NOTHING:
                finding.add(f"position {link}: its event was removed")
            elif hashlib.sha256(before + body).digest() != root or body.count(b"\n") != LINES - 1:
                event = body.partition(b"\n")[0].decode()
                finding.add(f"position {link}: event {event} or its link was changed, or the link before")
            # What is stored: the rows behind a changed one are judged by themselves.
            before = root
            while waiting and waiting[-1][0].size <= link:
                _compare(finding, *waiting.pop(), Head(link, before))
    for mark, name in reversed(waiting):
        finding.add(f"position {mark.size}: cut off; checkpoint {name} knows it, and the ledger ends at {position}")
    finding.head = Head(position, before)
    return finding


def _gap(position, link):
    missing = f"position {position} is" if link == position + 1 else f"positions {position} to {link - 1} are"
    return f"{missing} missing: removed"


def _compare(finding, mark, name, here):
    if mark != here:
        finding.add(f"position {mark.size}: rewritten; it is not what checkpoint {name} signed")


def hash_at(position):
    """The stored hash at a position, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM privacy_ledgerlink WHERE seq = %s", [position])
        row = cursor.fetchone()
    return row and bytes(row[0])


def differences():
    """How many current states are not what the ledger says: each a missing, surplus or wrong row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(DIFFERENCES)
        return cursor.fetchone()[0]


def rebuild():
    """Make the current states anew from the ledger."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT privacy_rebuild_current_state()")
