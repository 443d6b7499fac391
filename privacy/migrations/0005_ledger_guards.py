from django.db import migrations

KEY = "subject_ref, matter, purpose, topic, document"
VALUES = "state, version, valid_until, at"

APPLY = f"""
CREATE FUNCTION privacy_ledger_apply() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO privacy_currentstate AS current ({KEY}, {VALUES}, event_id)
    VALUES (NEW.subject_ref, NEW.matter, NEW.purpose, NEW.topic, NEW.document,
            NEW.state, NEW.version, NEW.valid_until, NEW.at, NEW.seq)
    ON CONFLICT ({KEY}) DO UPDATE
        SET state = excluded.state, version = excluded.version, valid_until = excluded.valid_until,
            at = excluded.at, event_id = excluded.event_id
        WHERE excluded.event_id > current.event_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_applies AFTER INSERT ON privacy_ledgerevent
    FOR EACH ROW EXECUTE FUNCTION privacy_ledger_apply();

CREATE FUNCTION privacy_rebuild_current_state() RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM privacy_currentstate;
    INSERT INTO privacy_currentstate ({KEY}, {VALUES}, event_id)
        SELECT DISTINCT ON ({KEY}) {KEY}, {VALUES}, seq FROM privacy_ledgerevent ORDER BY {KEY}, seq DESC;
$$;
"""  # noqa: S608

# At commit: the lock that puts the links in one row is held for a moment, and not for a whole request.
LINK = """
CREATE FUNCTION privacy_ledger_body(event privacy_ledgerevent) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        event.seq, event.ref, event.subject_ref, event.matter, event.state, event.purpose, event.topic, event.document,
        event.version, event.version_hash, event.language, extract(epoch FROM event.at),
        extract(epoch FROM event.valid_until), event.actor, event.method, event.proof
    )::text
$$;
CREATE FUNCTION privacy_ledger_link() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last privacy_ledgerlink;
BEGIN
    PERFORM pg_advisory_xact_lock(5_413_010);
    SELECT * INTO last FROM privacy_ledgerlink ORDER BY seq DESC LIMIT 1;
    INSERT INTO privacy_ledgerlink (seq, event_id, hash)
    VALUES (coalesce(last.seq, 0) + 1, NEW.seq,
            sha256(coalesce(last.hash, '') || convert_to(privacy_ledger_body(NEW), 'UTF8')));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_links AFTER INSERT ON privacy_ledgerevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION privacy_ledger_link();
"""

INSERT_ONLY = ["privacy_ledgerevent", "privacy_ledgerlink", "privacy_processingrecord"]
WRITTEN_BY_TRIGGER = ["privacy_currentstate", "privacy_ledgerlink"]


def guards(table):
    return f"""
        CREATE TRIGGER is_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
        CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse();
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM portal_app;
    """


def unguard(table):
    return f"""
        DROP TRIGGER is_append_only ON {table};
        DROP TRIGGER is_never_emptied ON {table};
        GRANT UPDATE, DELETE ON {table} TO portal_app;
    """


class Migration(migrations.Migration):
    """The ledger cannot be rewritten, and nobody but its triggers writes what follows from it (L01)."""

    dependencies = [("privacy", "0004_policies_ledger_recipients")]

    operations = [
        migrations.RunSQL(
            APPLY,
            """
            DROP TRIGGER ledger_applies ON privacy_ledgerevent;
            DROP FUNCTION privacy_ledger_apply();
            DROP FUNCTION privacy_rebuild_current_state();
            """,
        ),
        migrations.RunSQL(
            LINK,
            """
            DROP TRIGGER ledger_links ON privacy_ledgerevent;
            DROP FUNCTION privacy_ledger_link();
            DROP FUNCTION privacy_ledger_body(privacy_ledgerevent);
            """,
        ),
        *(migrations.RunSQL(guards(table), unguard(table)) for table in INSERT_ONLY),
        *(
            migrations.RunSQL(
                f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM portal_app",
                f"GRANT INSERT, UPDATE, DELETE ON {table} TO portal_app",
            )
            for table in WRITTEN_BY_TRIGGER
        ),
    ]
