from django.db import migrations

# Five years, and three, of 365 days: as `privacy/retention.py` counts them.
TABLES = {"privacy_auditevent": "audit_is_append_only", "privacy_processingrecord": "is_append_only"}

FORGET = """
    CREATE FUNCTION privacy_kept_five_years() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.at > now() - interval '1825 days' THEN
            RAISE EXCEPTION '% is append-only, and kept for five years', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END $$;
"""


def forget(table, trigger):
    """Nobody updates the table; rows of their age go, by a function alone, since nobody is granted a DELETE."""
    return f"""
        DROP TRIGGER {trigger} ON {table};
        CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
        CREATE TRIGGER is_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION privacy_kept_five_years();
        CREATE FUNCTION {table}_forget(keys bigint[]) RETURNS bigint LANGUAGE sql
            SECURITY DEFINER SET search_path = public, pg_temp AS $$
            WITH gone AS (DELETE FROM {table} WHERE id = ANY (keys) RETURNING 1) SELECT count(*) FROM gone;
        $$;
        REVOKE ALL ON FUNCTION {table}_forget(bigint[]) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {table}_forget(bigint[]) TO portal_app;
    """  # noqa: S608


def keep(table, trigger):
    return f"""
        DROP FUNCTION {table}_forget(bigint[]);
        DROP TRIGGER is_kept ON {table};
        DROP TRIGGER {trigger} ON {table};
        CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
    """


def steps_stay(days):
    return f"""
        CREATE OR REPLACE FUNCTION privacy_requestevent_stays() RETURNS trigger LANGUAGE plpgsql
            SET search_path = public, pg_temp AS $$
        BEGIN
            IF OLD.at > now() - interval '{days}' THEN
                RAISE EXCEPTION 'privacy_requestevent is kept for three years'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN OLD;
        END $$;
    """


class Migration(migrations.Migration):
    """What staff did and saw, and each use of data, goes after five years and not a day sooner (R110, R151)."""

    dependencies = [("privacy", "0014_times_of_keeping")]

    operations = [
        migrations.RunSQL(steps_stay("1095 days"), steps_stay("3 years")),
        migrations.RunSQL(FORGET, "DROP FUNCTION privacy_kept_five_years()"),
        *(migrations.RunSQL(forget(*one), keep(*one)) for one in TABLES.items()),
    ]
