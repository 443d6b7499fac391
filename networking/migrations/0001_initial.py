import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Introduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(max_length=1500, verbose_name="message")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
                ("form_key", models.UUIDField(editable=False, unique=True)),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="reported")),
                ("report_reason", models.TextField(blank=True, max_length=500, verbose_name="why it was reported")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="report settled")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions_received",
                        to="accounts.operator",
                        verbose_name="to operator",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introductions_sent",
                        to="accounts.operator",
                        verbose_name="from operator",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "introduction",
                "verbose_name_plural": "introductions",
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("settled_at", None), ("reported_at__isnull", False), _connector="OR"),
                        name="introduction_settled_after_report",
                    )
                ],
            },
        ),
    ]
