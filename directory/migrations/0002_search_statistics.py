from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        # With the default of 100 the planner knows too few lexemes and walks the newest listings for a rare word.
        migrations.RunSQL(
            "ALTER TABLE directory_searchdocument ALTER COLUMN doc SET STATISTICS 1000",
            "ALTER TABLE directory_searchdocument ALTER COLUMN doc SET STATISTICS DEFAULT",
        ),
    ]
