# ruff: noqa: S608 (an owner who tampers writes SQL)
"""The consent ledger: nobody rewrites it, and whoever does all the same is found out (L01, R005)."""

import json
import os
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from privacy import consent, ledger
from privacy.ledger import chain
from privacy.models import CurrentState, Document, LedgerEvent, LedgerLink, Matter, PolicyVersion, State, Subject
from privacy.purposes import RULES, Purpose
from tests.at_once import PATIENCE, at_once, names
from tests.factories import SubjectFactory
from tmgportal.supervisor import wait_until

EVENT, LINK, CURRENT = "privacy_ledgerevent", "privacy_ledgerlink", "privacy_currentstate"
TOPIC = "campaigns"
ISOLATED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@contextmanager
def owner(*, triggers=True):
    """A cursor of the role that owns the tables, in the database of this test; it commits at the end."""
    url = f"{os.environ['DATABASE_OWNER_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    with psycopg.connect(url) as owners, owners.cursor() as cursor:
        tables = [] if triggers else [EVENT, LINK, CURRENT]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        owners.commit()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def without_foreign_keys():
    """An owner may drop them, and with them the last thing that stands in the way."""
    with owner() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [[EVENT, LINK, CURRENT]],
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def some_events(count=6):
    """Events of every shape; the texts hold what could be mistaken for something else."""
    version = PolicyVersion.objects.get(document=Document.PRIVACY)
    for number in range(count):
        ledger.append(
            uuid.uuid4(),
            Matter.CONSENT,
            State.GIVEN,
            purpose=Purpose.NEWSLETTER,
            topic="" if number % 3 else "é|,\\\"'",
            version=version if number % 2 else None,
            valid_until=datetime(2031, 1, 1, tzinfo=UTC) if number % 2 else None,
            language="ja",
            proof={"served": "日本\n語", "number": number},
        )


def faults(*args, **kwargs):
    return chain.verify(*args, **kwargs).faults


# ---- nobody rewrites it ----


@pytest.mark.req("L01", "R005")
@pytest.mark.parametrize("role", ["portal_app", "portal_owner"])
@pytest.mark.parametrize("table", [EVENT, LINK])
@pytest.mark.parametrize("act", ["UPDATE {} SET seq = seq + 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_neither_role_changes_removes_or_empties_the_ledger(committing_db, role, table, act):
    some_events()

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role(role, act.format(table))

    assert faults() == []


def as_role(role, statement):
    if role == "portal_owner":
        with owner() as cursor:
            cursor.execute(statement)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.cursor.execute(statement)


@pytest.mark.req("L01")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO {LINK} (seq, event_id, hash) VALUES (9, 1, '')",
        f"INSERT INTO {CURRENT} SELECT * FROM {CURRENT}",
        f"UPDATE {CURRENT} SET state = 'given'",
        f"DELETE FROM {CURRENT}",
        f"TRUNCATE {CURRENT}",
        f"ALTER TABLE {EVENT} DISABLE TRIGGER ALL",
        f"ALTER TABLE {LINK} DISABLE TRIGGER USER",
        f"DROP TRIGGER is_append_only ON {EVENT}",
        "SET session_replication_role = replica",
        "SELECT setval('privacy_ledgerevent_seq_seq', 1)",
        # Its own number would stand before all that the person says later.
        f"INSERT INTO {EVENT} (seq, ref, subject_ref) VALUES (1000000, gen_random_uuid(), gen_random_uuid())",
        # A trigger function borrowed for a table of one's own would write what only the ledger writes.
        f"CREATE TEMP TABLE mine (LIKE {EVENT}); CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW"
        " EXECUTE FUNCTION privacy_ledger_apply()",
        f"CREATE TEMP TABLE mine (LIKE {EVENT}); CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW"
        " EXECUTE FUNCTION privacy_ledger_link()",
    ],
)
def test_the_role_that_serves_may_not(statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic(), connection.cursor() as cursor:
        cursor.cursor.execute(statement)


@pytest.mark.req("L01")
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["matter", "topic", "actor", "method", "language"])
def test_no_text_of_an_event_holds_a_line_end(name):
    values = {"matter": "a", "state": "b", "topic": "", "actor": "self", "method": "form"} | {name: "a\n"}

    with pytest.raises(IntegrityError, match="ledger_event_texts_are_lines"), transaction.atomic():
        LedgerEvent.objects.create(subject_ref=uuid.uuid4(), **values)


# ---- whoever does all the same is found out ----


@pytest.mark.req("L01")
def test_a_ledger_that_nobody_touched_has_no_fault(committing_db):
    before = LedgerLink.objects.count()
    some_events(7)

    finding = chain.verify()

    assert (finding.head.size, finding.count) == (before + 7, 0)
    assert finding.head.root == chain.hash_at(before + 7)


@pytest.mark.req("L01")
def test_the_chain_starts_from_any_head_that_is_trusted(committing_db):
    some_events()
    head = chain.verify().head
    some_events(3)

    assert chain.verify(head).head.size == head.size + 3
    assert "no longer agrees" in faults(chain.Head(head.size, b"something else"))[0]


COLUMNS = {
    EVENT: [field.column for field in LedgerEvent._meta.fields],
    LINK: [field.column for field in LedgerLink._meta.fields],
}


def flipped(value, position, other):
    """`value` with one byte changed; what is empty gets one."""
    match value:
        case None:
            return 7
        case str():
            position %= len(value) or 1
            letter = chr(ord("a") + other % 26)
            return (
                value[:position] + (letter if value[position : position + 1] != letter else "-") + value[position + 1 :]
            )
        case bytes():
            position %= len(value)
            return value[:position] + bytes([value[position] ^ other]) + value[position + 1 :]
        case uuid.UUID():
            return uuid.UUID(bytes=flipped(value.bytes, position, other))
        case int():
            return value ^ (other << 8 * (position % 2))
        case datetime():
            return value + timedelta(microseconds=other << 8 * (position % 6))
        case dict():
            name = sorted(value)[position % len(value)]
            return Jsonb(value | {name: json.dumps(value[name])[:-1] + chr(32 + other % 90)})


@pytest.mark.req("L01")
def test_one_changed_byte_anywhere_is_found(committing_db):
    some_events()
    without_foreign_keys()
    rows = LedgerLink.objects.count()

    @ISOLATED
    @given(st.data())
    def check(data):
        table = data.draw(st.sampled_from([EVENT, EVENT, EVENT, LINK]))
        column = data.draw(st.sampled_from(COLUMNS[table]))
        row, position, other = (data.draw(st.integers(*limits)) for limits in ((1, rows), (0, 99), (1, 255)))
        with owner(triggers=False) as cursor:
            key = cursor.execute(f"SELECT ctid FROM {table} ORDER BY seq OFFSET %s LIMIT 1", [row - 1]).fetchone()[0]
            (value,) = cursor.execute(f"SELECT {column} FROM {table} WHERE ctid = %s", [key]).fetchone()
            changed = flipped(value, position, other)
            if column == "valid_until" and value is None:
                changed = datetime(2030, 1, 1, tzinfo=UTC)
            try:
                (key,) = cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE ctid = %s RETURNING ctid", [changed, key]
                ).fetchone()
            except psycopg.errors.UniqueViolation:
                return  # A number or reference that another row has: even the owner cannot write it.
        found = faults()
        back = Jsonb(value) if isinstance(value, dict) else value
        with owner(triggers=False) as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE ctid = %s", [back, key])
        assert found, (table, column, value, changed)

    check()
    assert faults() == []


@pytest.mark.req("L01")
@pytest.mark.parametrize(
    ("act", "said"),
    [
        (f"UPDATE {EVENT} SET state = 'refused' WHERE seq = {{event}}", "position {position}: event {event} or its"),
        (f"UPDATE {LINK} SET hash = sha256('') WHERE seq = {{position}}", "position {position}: event {event} or its"),
        (f"DELETE FROM {EVENT} WHERE seq = {{event}}", "position {position}: its event was removed"),
        (f"DELETE FROM {LINK} WHERE seq = {{position}}", "position {position} is missing: removed"),
        (f"DELETE FROM {LINK} WHERE seq = {{position}}", "event {event} stands outside the chain"),
        (f"UPDATE {LINK} SET seq = 0 WHERE seq = (SELECT max(seq) FROM {LINK})", "position 0 comes before the first"),
        (
            f"INSERT INTO {EVENT} (ref, subject_ref, matter, state, purpose, topic, document, version_hash, language,"
            " at, actor, method, proof) VALUES (gen_random_uuid(), gen_random_uuid(), '', '', '', '', '', '', '',"
            " now(), '', '', '{{}}')",
            "stands outside the chain: it was inserted aside",
        ),
    ],
)
def test_the_fault_says_where(committing_db, act, said):
    some_events()
    link = LedgerLink.objects.order_by("seq")[2]
    without_foreign_keys()

    with owner(triggers=False) as cursor:
        cursor.execute(act.format(event=link.event_id, position=link.seq))

    assert [fault for fault in faults() if said.format(event=link.event_id, position=link.seq) in fault]


@pytest.mark.req("L01")
def test_a_row_that_was_changed_together_with_its_link_breaks_the_next(committing_db):
    some_events()
    link = LedgerLink.objects.order_by("seq")[2]

    with owner(triggers=False) as cursor:
        cursor.execute(f"UPDATE {EVENT} SET state = 'refused' WHERE seq = %s", [link.event_id])
        cursor.execute(
            f"UPDATE {LINK} SET hash = sha256((SELECT hash FROM {LINK} WHERE seq = %s)"
            f" || convert_to((SELECT privacy_ledger_body(e) FROM {EVENT} e WHERE seq = %s), 'UTF8')) WHERE seq = %s",
            [link.seq - 1, link.event_id, link.seq],
        )

    assert [fault.partition(":")[0] for fault in faults()] == [f"position {link.seq + 1}"]


@pytest.mark.req("L01")
def test_a_changed_function_of_the_database_does_not_hide_a_change(committing_db):
    some_events()
    event = LedgerEvent.objects.first()

    with owner(triggers=False) as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION privacy_ledger_body(event privacy_ledgerevent) RETURNS text LANGUAGE sql AS"
            " $$ SELECT 'whole' $$"
        )
        cursor.execute(f"UPDATE {EVENT} SET state = 'refused' WHERE seq = %s", [event.seq])

    assert len(faults()) == 1


@pytest.mark.req("L01")
def test_only_the_first_faults_are_named_and_all_are_counted(committing_db, monkeypatch):
    some_events(9)
    monkeypatch.setattr(chain, "NAMED_FAULTS", 4)
    with owner(triggers=False) as cursor:
        cursor.execute(f"UPDATE {EVENT} SET actor = 'nobody'")

    finding = chain.verify()

    assert (len(finding.faults), finding.count) == (4, finding.head.size)


# ---- many write at once ----


@pytest.mark.req("L01")
def test_writers_at_once_make_one_chain(committing_db):
    before = LedgerLink.objects.count()
    subjects = [SubjectFactory(informed=False) for _number in range(4)]

    def write(subject):
        def act():
            for _number in range(10):
                consent.give(subject, Purpose.NEWSLETTER, TOPIC)
                consent.withdraw(subject, Purpose.NEWSLETTER, TOPIC)

        return act

    outcomes = at_once(*map(write, subjects))

    assert names(outcomes) == ["NoneType"] * 4
    finding = chain.verify()
    assert (finding.head.size, finding.faults) == (before + 80, [])


@pytest.mark.req("L01")
def test_without_its_lock_the_chain_would_fork(committing_db):
    """The control of the test above: there is a race to lose."""
    with owner() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'privacy_ledger_link'")
        body = cursor.fetchone()[0].replace("PERFORM pg_advisory_xact_lock(5_413_010);", "")
        body = body.replace("INSERT INTO", "PERFORM pg_sleep(0.2); INSERT INTO")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION privacy_ledger_link() RETURNS trigger LANGUAGE plpgsql"
            f" SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$"
        )

    outcomes = at_once(*[lambda: ledger.append(uuid.uuid4(), Matter.AGE, State.ATTESTED)] * 2)

    assert names(outcomes) == ["IntegrityError", "LedgerEvent"]


@pytest.mark.req("R005")
@pytest.mark.parametrize(("locks", "events"), [(True, 1), (False, 2)])
def test_a_double_click_is_one_event(committing_db, locks, events):
    subject = SubjectFactory()

    at_once(*[lambda: consent.give(subject, Purpose.NEWSLETTER, TOPIC)] * 2, look_first=not locks, locks=locks)

    assert LedgerEvent.objects.filter(subject_ref=subject.ref, matter=Matter.CONSENT).count() == events


# ---- the projection is what the ledger says ----

ACTS = [
    lambda one, topic: consent.give(one, Purpose.NEWSLETTER, topic),
    lambda one, topic: consent.refuse(one, Purpose.NEWSLETTER, topic),
    lambda one, topic: consent.withdraw(one, Purpose.NEWSLETTER, topic),
    lambda one, topic: consent.stop(one, Purpose.NEWSLETTER),
    lambda one, topic: consent.object_to(one, Purpose.STATISTICS),
    lambda one, topic: consent.take_back_objection(one, Purpose.STATISTICS),
    lambda one, topic: consent.opt_out(one, topic),
    lambda one, topic: consent.opt_in(one, topic),
    lambda one, topic: consent.restrict(one, until=datetime(2030, 1, 1, tzinfo=UTC)),
    lambda one, topic: consent.lift_restriction(one),
    lambda one, topic: consent.inform(one),
    lambda one, topic: consent.accept(one, PolicyVersion.objects.get(document=Document.TERMS)),
    lambda one, topic: consent.decline(one, PolicyVersion.objects.get(document=Document.TERMS)),
    lambda one, topic: consent.attest_age(one),
    lambda one, topic: consent.report_child(one, until=datetime(2030, 1, 1, tzinfo=UTC)),
    lambda one, topic: consent.confirm_child(one),
]
HISTORIES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.sampled_from(["one", "two"])), max_size=25)


def states():
    fields = [field.attname for field in CurrentState._meta.fields if field.name != "id"]
    return sorted(map(str, CurrentState.objects.values_list(*fields)))


@pytest.mark.req("L01")
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_a_rebuild_gives_what_the_triggers_gave(history):
    with transaction.atomic():
        people = [SubjectFactory(informed=False) for _number in range(2)]
        for act, person, topic in history:
            act(people[person], topic)
        live = states()

        assert chain.differences() == 0
        chain.rebuild()
        assert states() == live
        transaction.set_rollback(True)


@pytest.mark.req("L01")
@pytest.mark.parametrize(
    "damage",
    [
        f"DELETE FROM {CURRENT} WHERE matter = 'consent'",
        f"UPDATE {CURRENT} SET state = 'given' WHERE matter = 'consent'",
        f"UPDATE {CURRENT} SET valid_until = now() WHERE matter = 'consent'",
        f"UPDATE {CURRENT} SET subject_ref = gen_random_uuid() WHERE matter = 'consent'",
        f"UPDATE {CURRENT} SET topic = 'other' WHERE matter = 'consent'",
        f"UPDATE {CURRENT} c SET event_id = (SELECT min(seq) FROM {EVENT} WHERE matter = 'consent')"
        " WHERE matter = 'consent'",
    ],
)
def test_a_damaged_projection_is_found_and_made_anew(committing_db, capsys, damage):
    subject = SubjectFactory()
    consent.give(subject, Purpose.NEWSLETTER, TOPIC)
    consent.withdraw(subject, Purpose.NEWSLETTER, TOPIC)
    whole = states()
    with owner(triggers=False) as cursor:
        cursor.execute(damage)
    assert states() != whole

    with pytest.raises(CommandError, match="differ from the ledger"):
        call_command("rebuild_current_states", "--dry-run")
    call_command("rebuild_current_states")

    assert states() == whole
    call_command("rebuild_current_states", "--dry-run")
    assert "The current states are what the ledger says." in capsys.readouterr().out


@pytest.mark.req("L01")
def test_what_is_said_during_a_rebuild_is_not_lost(committing_db):
    """The rebuild meets a change of a row, which it waits for, and with it a row that it has not seen yet."""
    subject, said, rebuilders = SubjectFactory(), Event(), []
    consent.give(subject, Purpose.NEWSLETTER, TOPIC)

    @transaction.atomic
    def say():
        consent.withdraw(subject, Purpose.NEWSLETTER, TOPIC)
        consent.give(subject, Purpose.NEWSLETTER, "another")
        said.set()
        return wait_until(lambda: rebuilders and waits(rebuilders[0]), PATIENCE)

    def rebuild():
        said.wait(PATIENCE)
        connection.ensure_connection()
        rebuilders.append(connection.connection.info.backend_pid)
        chain.rebuild()

    assert at_once(say, rebuild) == [True, None]
    assert chain.differences() == 0


def waits(process):
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [process])
        return cursor.fetchone()[0]


# ---- what an event says ----


@pytest.fixture
def act(db, rf):
    """Gives consent by a request of a browser; returns the event's proof."""
    request = rf.post("/en/", headers={"User-Agent": "Canary/1.0"}, REMOTE_ADDR="203.0.113.77")
    request.resolver_match, request.name = None, "0" * 32
    subject = SubjectFactory()
    proof = ledger.proof_of(request, "give", served="The monthly newsletter")
    return consent.give(subject, Purpose.NEWSLETTER, TOPIC, proof=proof)


@pytest.mark.req("L01", "R005")
def test_an_event_proves_what_the_standard_lists(act):
    version = PolicyVersion.objects.get(document=Document.PRIVACY)
    proof = act.proof

    assert (act.version, act.version_hash, act.language) == (version.number, version.hash, "en")
    assert proof["record"] == "consent-record/1"
    assert proof["event_type"] == "explicit"
    assert proof["controller"] == "Tokyo Metropolitan Government"
    assert proof["basis"] == RULES[Purpose.NEWSLETTER].basis
    assert proof["recipients"] == version.recipients
    assert proof["categories"] == ["name and address for mail"]
    assert (proof["regime"], proof["jurisdiction"]) == (["APPI", "GDPR"], "JP-13")
    assert proof["withdrawal"] == "privacy centre, link in each mail"
    assert (proof["control"], proof["default"], proof["surface"]) == ("give", "unchecked", "")
    assert len(proof["served"]) == 64
    assert proof["request"] == "0" * 32


@pytest.mark.req("L01")
@pytest.mark.django_db
def test_being_told_is_a_notice_and_names_every_purpose_of_the_version():
    told = consent.inform(SubjectFactory(informed=False))

    privacy = next(event for event in told if event.document == Document.PRIVACY)
    assert privacy.proof["event_type"] == "notice"
    assert set(privacy.proof["purposes"]) == set(Purpose.values)
    assert "basis" not in privacy.proof


@pytest.mark.req("L01")
def test_no_event_holds_a_personal_value(act):
    row = json.dumps(LedgerEvent.objects.values().get(pk=act.pk), default=str)

    assert "Canary" not in row
    assert "203.0.113" not in row
    assert "The monthly newsletter" not in row


@pytest.mark.req("L01")
@pytest.mark.django_db
def test_the_name_that_a_browser_gives_its_request_is_not_kept():
    request = RequestFactory().get("/en/")
    request.resolver_match, request.name = None, "Taro-Yamada-1970"

    assert ledger.proof_of(request, "give", served="")["request"] == ""


@pytest.mark.req("R005")
@pytest.mark.django_db
@pytest.mark.parametrize("act", [consent.give, consent.refuse])
def test_consent_is_about_purposes_that_rest_on_it(act):
    with pytest.raises(ValueError, match="does not rest on consent"):
        act(SubjectFactory(), Purpose.REGISTRATION)


@pytest.mark.req("L01")
@pytest.mark.django_db
def test_the_proof_outlives_the_person():
    subject = SubjectFactory()
    event = consent.give(subject, Purpose.NEWSLETTER, TOPIC)

    Subject.objects.filter(pk=subject.pk).delete()

    assert LedgerEvent.objects.get(pk=event.pk).subject_ref == subject.ref
