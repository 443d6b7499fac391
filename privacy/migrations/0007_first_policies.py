from django.db import migrations

from privacy.policies import loading


class Migration(migrations.Migration):
    """A portal never runs without policies: drafts stand until the city enacts its own."""

    dependencies = [("privacy", "0006_announced_policies_are_immutable")]

    operations = [
        migrations.RunPython(lambda apps, _editor: loading.load_recipients(apps), migrations.RunPython.noop),
        migrations.RunPython(lambda apps, _editor: loading.load_topics(apps), migrations.RunPython.noop),
        migrations.RunPython(lambda apps, _editor: loading.load_first(apps), migrations.RunPython.noop),
    ]
