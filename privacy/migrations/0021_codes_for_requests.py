import uuid

import django.db.models.deletion
from django.db import migrations, models

from privacy.row_security import PORTAL, protect


class Migration(migrations.Migration):
    """Who asks without a log-in proves the address by a code; only the portal reads what it is checked by."""

    dependencies = [
        ("privacy", "0020_published_statistics"),
    ]

    operations = [
        migrations.AlterField(
            model_name="requestevent",
            name="step",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("acknowledged", "acknowledged"),
                    ("code sent", "code sent to the address"),
                    ("address proven", "address confirmed by the code"),
                    ("document asked", "document of identity asked for"),
                    ("identity settled", "identity settled"),
                    ("completion asked", "completion asked for"),
                    ("completed", "completed"),
                    ("reviewed", "review begun"),
                    ("extended", "time extended"),
                    ("decided", "decided"),
                    ("delivered", "answered"),
                    ("closed", "closed"),
                    ("withdrawn", "withdrawn by the person"),
                    ("abandoned", "given up by the person"),
                    ("duplicate", "found to be the same as another"),
                    ("reminded", "staff reminded"),
                    ("lifting told", "told that the restriction will end"),
                    ("lifted", "restriction ended"),
                ],
                max_length=16,
                verbose_name="step",
            ),
        ),
        migrations.CreateModel(
            name="RequestCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code_hash", models.CharField(editable=False, max_length=64)),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="valid until")),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("form_key", models.UUIDField(editable=False, unique=True)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code",
                        to="privacy.request",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "code for a request",
                "verbose_name_plural": "codes for requests",
            },
        ),
        protect(
            "privacy_requestcode",
            select=[PORTAL],
            insert=[PORTAL],
            update=[PORTAL],
            delete=[PORTAL],
        ),
    ]
