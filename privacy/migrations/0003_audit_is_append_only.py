from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_auditevent")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION privacy_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON privacy_auditevent
                FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
            CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON privacy_auditevent
                FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse();
            REVOKE UPDATE, DELETE, TRUNCATE ON privacy_auditevent FROM portal_app;
            """,
            """
            DROP TRIGGER audit_is_append_only ON privacy_auditevent;
            DROP TRIGGER audit_is_never_emptied ON privacy_auditevent;
            DROP FUNCTION privacy_refuse();
            GRANT UPDATE, DELETE ON privacy_auditevent TO portal_app;
            """,
        )
    ]
