import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="reference")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ja", "Japanese")], max_length=2, verbose_name="language"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "data subject",
                "verbose_name_plural": "data subjects",
                "permissions": [("view_personal_fields", "Can see personal fields")],
            },
        ),
    ]
