from django.db import migrations

TEXTS = ["matter", "state", "purpose", "topic", "document", "version_hash", "language", "actor", "method"]
COLUMNS = f"ref, subject_ref, {', '.join(TEXTS)}, version, at, valid_until, proof"

# One line a column, the proof last: whoever reads it needs no other tool than a hash. That a text holds no line end keeps
# two events from having one body.
BODY = """
CREATE OR REPLACE FUNCTION privacy_ledger_body(event privacy_ledgerevent) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(
        E'\\n', event.seq, event.ref, event.subject_ref, event.matter, event.state, event.purpose, event.topic,
        event.document, coalesce(event.version::text, ''), event.version_hash, event.language,
        extract(epoch FROM event.at), coalesce(extract(epoch FROM event.valid_until)::text, ''), event.actor,
        event.method, event.proof
    )
$$;
"""

# Nobody writes between the two halves of a rebuild, and what was written before is seen by the second.
REBUILD = """
CREATE OR REPLACE FUNCTION privacy_rebuild_current_state() RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    LOCK TABLE privacy_currentstate IN EXCLUSIVE MODE;
    DELETE FROM privacy_currentstate;
    INSERT INTO privacy_currentstate (
            subject_ref, matter, purpose, topic, document, state, version, valid_until, at, event_id)
        SELECT DISTINCT ON (subject_ref, matter, purpose, topic, document)
            subject_ref, matter, purpose, topic, document, state, version, valid_until, at, seq
        FROM privacy_ledgerevent ORDER BY subject_ref, matter, purpose, topic, document, seq DESC;
$$;
"""

# A trigger function runs as its owner. Whoever may execute it could hang it on a table of their own and so write what
# only the ledger's triggers write.
CLOSE = """
REVOKE EXECUTE ON FUNCTION privacy_ledger_apply(), privacy_ledger_link() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION privacy_rebuild_current_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy_rebuild_current_state() TO portal_app;
"""


class Migration(migrations.Migration):
    """What the serving role could still have done to the ledger: number events itself, or borrow its triggers (L01)."""

    dependencies = [("privacy", "0007_first_policies")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE privacy_ledgerevent ADD CONSTRAINT ledger_event_texts_are_lines"
            f" CHECK (position(E'\\n' IN {' || '.join(TEXTS)}) = 0)",
            "ALTER TABLE privacy_ledgerevent DROP CONSTRAINT ledger_event_texts_are_lines",
        ),
        migrations.RunSQL(BODY, migrations.RunSQL.noop),
        migrations.RunSQL(REBUILD, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
        # The number of an event comes from the sequence: a higher one would stand before all that the person says later.
        migrations.RunSQL(
            f"""
            REVOKE INSERT ON privacy_ledgerevent FROM portal_app;
            GRANT INSERT ({COLUMNS}) ON privacy_ledgerevent TO portal_app;
            """,
            "GRANT INSERT ON privacy_ledgerevent TO portal_app",
        ),
    ]
