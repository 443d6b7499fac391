from django.db import migrations


class Migration(migrations.Migration):
    """One row of reference numbers for the registrations of both sides."""

    dependencies = [("accounts", "0002_one_person_one_side")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE registration_reference", "DROP SEQUENCE registration_reference"),
    ]
