import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_row_security"),
        ("privacy", "0007_first_policies"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="user",
            name="attested_at",
        ),
        migrations.AddField(
            model_name="addressproof",
            name="told",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="privacy.subject",
                verbose_name="person told",
            ),
        ),
    ]
