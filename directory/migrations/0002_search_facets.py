import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="draft_version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="facets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None, verbose_name="facets"
            ),
        ),
        # With the default of 100 the planner knows too few lexemes and walks the newest listings for a rare word.
        migrations.RunSQL(
            "ALTER TABLE directory_searchdocument ALTER COLUMN doc SET STATISTICS 1000",
            "ALTER TABLE directory_searchdocument ALTER COLUMN doc SET STATISTICS DEFAULT",
        ),
    ]
