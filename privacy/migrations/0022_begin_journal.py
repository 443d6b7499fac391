from django.db import migrations

from privacy.erasure import journal


def begin(apps, schema_editor):
    """Once for each database: a restored one must not get a new journal in the place of a lost one."""
    journal.begin()


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0021_codes_for_requests"),
    ]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
