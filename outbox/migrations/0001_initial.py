import uuid

import django.core.serializers.json
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("to_ref", models.UUIDField(db_index=True, null=True)),
                ("sealed_to", models.BinaryField(null=True)),
                ("purpose", models.CharField(max_length=64, verbose_name="purpose")),
                ("template", models.CharField(max_length=128, verbose_name="template")),
                ("context", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("refused", "Not permitted"),
                            ("expired", "Expired"),
                            ("set_aside", "Set aside"),
                            ("in_doubt", "In doubt"),
                        ],
                        default="waiting",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_permitted", "The person may not be written to for this purpose."),
                            ("no_address", "The person has no address any more."),
                            ("unwritable", "The message could not be written."),
                            ("unreachable", "The mail server could not be reached."),
                            ("postponed", "The mail server asked to try again later."),
                            ("rejected", "The mail server rejected the message."),
                            ("unanswered", "It is not known whether the mail server took the message."),
                            ("interrupted", "Sending was interrupted before the message was handed over."),
                        ],
                        max_length=16,
                        verbose_name="problem",
                    ),
                ),
                (
                    "response",
                    models.CharField(
                        blank=True,
                        help_text="The status code only; the text may hold an address.",
                        max_length=64,
                        verbose_name="answer of the mail server",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("crashes", models.PositiveSmallIntegerField(default=0, verbose_name="interrupted attempts")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written at"),
                ),
                ("not_before", models.DateTimeField(default=django.utils.timezone.now, verbose_name="not before")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                ("leased_until", models.DateTimeField(null=True)),
                ("handed_over_at", models.DateTimeField(null=True, verbose_name="handed over at")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["expires_at", "id"], name="outbox_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["leased_until"], name="outbox_sending"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["set_aside", "in_doubt"])),
                        fields=["expires_at"],
                        name="outbox_stuck",
                    ),
                    models.Index(fields=["-created_at", "-id"], name="outbox_newest_first"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "refused", "expired", "set_aside", "in_doubt"])
                        ),
                        name="outbox_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("leased_until__isnull", False), ("state", "sending")),
                            models.Q(models.Q(("state", "sending"), _negated=True), ("leased_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="outbox_leased_while_sending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="outbox_sent_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "sending"),
                            models.Q(("handed_over_at__isnull", False), ("state__in", ["sent", "in_doubt"])),
                            models.Q(
                                ("handed_over_at__isnull", True),
                                ("state__in", ["waiting", "refused", "expired", "set_aside"]),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_handed_over_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["set_aside", "in_doubt"]),
                            models.Q(
                                ("context__isnull", False),
                                ("state__in", ["waiting", "sending"]),
                                models.Q(
                                    models.Q(("sealed_to__isnull", True), ("to_ref__isnull", False)),
                                    models.Q(("sealed_to__isnull", False), ("to_ref__isnull", True)),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("context__isnull", True),
                                ("sealed_to__isnull", True),
                                ("state__in", ["sent", "refused", "expired"]),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_content_only_while_of_use",
                    ),
                ],
            },
        ),
    ]
