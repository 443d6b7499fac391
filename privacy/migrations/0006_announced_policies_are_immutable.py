from django.db import migrations


class Migration(migrations.Migration):
    """What was announced stays as it was; a correction is a new version (R009)."""

    dependencies = [("privacy", "0005_ledger_guards")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION privacy_keep_announced() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.announced_at IS NOT NULL THEN
                    RAISE EXCEPTION 'an announced policy version is immutable' USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER announced_version_stays BEFORE UPDATE OR DELETE ON privacy_policyversion
                FOR EACH ROW EXECUTE FUNCTION privacy_keep_announced();

            CREATE FUNCTION privacy_keep_announced_text() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (
                    SELECT FROM privacy_policyversion
                    WHERE announced_at IS NOT NULL AND (
                        TG_OP <> 'INSERT' AND id = OLD.version_id OR TG_OP <> 'DELETE' AND id = NEW.version_id
                    )
                ) THEN
                    RAISE EXCEPTION 'the text of an announced policy version is immutable'
                        USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER announced_text_stays BEFORE INSERT OR UPDATE OR DELETE ON privacy_policytext
                FOR EACH ROW EXECUTE FUNCTION privacy_keep_announced_text();

            CREATE TRIGGER policies_are_never_emptied BEFORE TRUNCATE ON privacy_policyversion
                FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse();
            CREATE TRIGGER policy_texts_are_never_emptied BEFORE TRUNCATE ON privacy_policytext
                FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse();
            """,
            """
            DROP TRIGGER announced_version_stays ON privacy_policyversion;
            DROP TRIGGER policies_are_never_emptied ON privacy_policyversion;
            DROP TRIGGER announced_text_stays ON privacy_policytext;
            DROP TRIGGER policy_texts_are_never_emptied ON privacy_policytext;
            DROP FUNCTION privacy_keep_announced();
            DROP FUNCTION privacy_keep_announced_text();
            """,
        )
    ]
