import csv
from pathlib import Path

from django.db import migrations

from accounts.staff_roles import make_groups

TEMPLATES = Path(__file__).parent.parent / "data/answer_templates.csv"


def load_templates(apps, editor):
    """What staff begin with; from then on the rows are theirs."""
    model = apps.get_model("inquiries", "AnswerTemplate")
    with TEMPLATES.open(encoding="utf-8", newline="") as file:
        model.objects.bulk_create(model(**row) for row in csv.DictReader(file))


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0001_initial"), ("accounts", "0004_staff_roles")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE inquiry_number", "DROP SEQUENCE inquiry_number"),
        migrations.RunPython(load_templates, migrations.RunPython.noop),
        migrations.RunPython(lambda apps, _editor: make_groups(apps), migrations.RunPython.noop),
    ]
