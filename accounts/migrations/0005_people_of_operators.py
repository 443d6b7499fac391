import django.db.models.deletion
from django.db import migrations, models

PEOPLE = ("contact_name", "contact_email", "representative_name", "contact_telephone")
COPY = """
    INSERT INTO accounts_operatorpeople
        (operator_id, contact_name, contact_email, representative_name, contact_telephone)
    SELECT id, contact_name, contact_email, representative_name, contact_telephone
    FROM accounts_operator WHERE approved_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_staff_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="OperatorPeople",
            fields=[
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of person in charge"),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email of person in charge"),
                ),
                (
                    "representative_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of registered representative"),
                ),
                (
                    "contact_telephone",
                    models.CharField(blank=True, max_length=20, verbose_name="telephone of person in charge"),
                ),
                (
                    "operator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="people",
                        serialize=False,
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "people of an operator",
                "verbose_name_plural": "people of operators",
            },
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        *(migrations.RemoveField(model_name="operator", name=name) for name in PEOPLE),
    ]
