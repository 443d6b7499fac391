from django.db import migrations

from accounts.staff_roles import make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_registration_reference"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(lambda apps, _editor: make_groups(apps), migrations.RunPython.noop)]
