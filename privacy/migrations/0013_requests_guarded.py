from django.db import migrations

# A request that was received before its steps were written down.
FIRST_STEPS = """
    SELECT set_config('app.duty', 'portal', true);
    UPDATE privacy_request SET language = subject.language
        FROM privacy_subject subject WHERE subject.id = privacy_request.subject_id;
    INSERT INTO privacy_requestevent
            (request_id, at, step, state, due_on, internal_on, governed_by, outcome, codes)
        SELECT id, received_at, 'received', 'received', day + 30, day + 14, 'APPI Art. 83', '', '{}'
        FROM (SELECT *, (received_at AT TIME ZONE 'Asia/Tokyo')::date AS day FROM privacy_request) AS request;
"""

# Steps go with their request, once its time of keeping is over, and not before.
STEPS_STAY = """
    CREATE FUNCTION privacy_requestevent_stays() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.at > now() - interval '3 years' THEN
            RAISE EXCEPTION 'privacy_requestevent is kept for three years' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END $$;
    CREATE TRIGGER is_never_changed BEFORE UPDATE ON privacy_requestevent
        FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
    CREATE TRIGGER is_kept BEFORE DELETE ON privacy_requestevent
        FOR EACH ROW EXECUTE FUNCTION privacy_requestevent_stays();
    CREATE TRIGGER is_never_emptied BEFORE TRUNCATE ON privacy_requestevent
        FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse();
    REVOKE UPDATE, TRUNCATE ON privacy_requestevent FROM portal_app;
"""
STEPS_GO = """
    DROP TRIGGER is_never_changed ON privacy_requestevent;
    DROP TRIGGER is_kept ON privacy_requestevent;
    DROP TRIGGER is_never_emptied ON privacy_requestevent;
    DROP FUNCTION privacy_requestevent_stays();
    GRANT UPDATE ON privacy_requestevent TO portal_app;
"""


class Migration(migrations.Migration):
    """The steps of a request cannot be rewritten, and stay as long as the answer may be contested (L02, R110)."""

    dependencies = [("privacy", "0012_requests_erasures_hand_overs")]

    operations = [
        migrations.RunSQL(FIRST_STEPS, migrations.RunSQL.noop),
        migrations.RunSQL(STEPS_STAY, STEPS_GO),
    ]
