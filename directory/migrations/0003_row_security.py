from django.db import migrations

from privacy.row_security import PORTAL, own, protect

OWN = own("user_id")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_search_statistics"),
    ]

    operations = [
        protect(
            "directory_savedlisting",
            select=[OWN, PORTAL],
            insert=[OWN, PORTAL],
            update=[OWN, PORTAL],
            delete=[OWN, PORTAL],
        ),
    ]
