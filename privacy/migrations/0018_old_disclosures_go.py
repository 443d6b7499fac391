import django.db.models.deletion
from django.db import migrations, models

# Five years of 365 days, as `privacy/retention.py` counts them. Nobody is granted a DELETE.
GO = """
    CREATE FUNCTION privacy_disclosure_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
    DECLARE
        of_disclosure bigint := (to_jsonb(OLD) ->> TG_ARGV[0])::bigint;
    BEGIN
        IF (SELECT entered_at FROM privacy_disclosure WHERE id = of_disclosure) > now() - interval '1825 days' THEN
            RAISE EXCEPTION '% is kept for five years', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END $$;
    DROP TRIGGER is_never_deleted ON privacy_disclosure;
    DROP TRIGGER is_never_changed ON privacy_disclosuresubject;
    CREATE TRIGGER is_never_changed BEFORE UPDATE ON privacy_disclosuresubject
        FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
    CREATE TRIGGER is_kept BEFORE DELETE ON privacy_disclosure
        FOR EACH ROW EXECUTE FUNCTION privacy_disclosure_kept('id');
    CREATE TRIGGER is_kept BEFORE DELETE ON privacy_disclosuresubject
        FOR EACH ROW EXECUTE FUNCTION privacy_disclosure_kept('disclosure_id');
"""
STAY = """
    DROP TRIGGER is_kept ON privacy_disclosuresubject;
    DROP TRIGGER is_kept ON privacy_disclosure;
    DROP TRIGGER is_never_changed ON privacy_disclosuresubject;
    DROP FUNCTION privacy_disclosure_kept();
    CREATE TRIGGER is_never_changed BEFORE UPDATE OR DELETE ON privacy_disclosuresubject
        FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
    CREATE TRIGGER is_never_deleted BEFORE DELETE ON privacy_disclosure
        FOR EACH ROW EXECUTE FUNCTION privacy_refuse();
"""


def forget(table):
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_forget(keys bigint[]) RETURNS bigint LANGUAGE sql
            SECURITY DEFINER SET search_path = public, pg_temp AS $$
            WITH gone AS (DELETE FROM {table} WHERE id = ANY (keys) RETURNING 1) SELECT count(*) FROM gone;
        $$;
        REVOKE ALL ON FUNCTION {table}_forget(bigint[]) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {table}_forget(bigint[]) TO portal_app;
        """,  # noqa: S608
        f"DROP FUNCTION {table}_forget(bigint[])",
    )


class Migration(migrations.Migration):
    """The register of disclosures holds what its time of keeping allows, and not a day less (R080, R110)."""

    dependencies = [("privacy", "0017_letters_and_lifting")]

    operations = [
        migrations.RunSQL(GO, STAY),
        forget("privacy_disclosuresubject"),
        forget("privacy_disclosure"),
        migrations.AlterField(
            model_name="retentionresult",
            name="releases",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="released_for",
                to="privacy.retentionresult",
                verbose_name="released run",
            ),
        ),
    ]
