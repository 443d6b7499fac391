import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A letter knows its message, and the end of a restriction has its steps."""

    dependencies = [
        ("outbox", "0002_message_topic"),
        ("privacy", "0016_registers"),
    ]

    operations = [
        migrations.AddField(
            model_name="requestletter",
            name="message",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="outbox.message",
                verbose_name="message",
            ),
        ),
        migrations.AlterField(
            model_name="requestevent",
            name="step",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("acknowledged", "acknowledged"),
                    ("code sent", "code sent to the address"),
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
    ]
