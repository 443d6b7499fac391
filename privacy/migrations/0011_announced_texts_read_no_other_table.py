from django.db import migrations


class Migration(migrations.Migration):
    """Without a path of its own the trigger looks for the versions among temporary tables first: whoever makes an empty
    one of that name could rewrite what was announced (R009)."""

    dependencies = [("privacy", "0010_plan_in_plain_words")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION privacy_keep_announced_text() SET search_path = public, pg_temp",
            "ALTER FUNCTION privacy_keep_announced_text() RESET search_path",
        )
    ]
