from django.db import migrations

from privacy.row_security import PERSON, PORTAL, STAFF, protect

# What somebody asked with their log-in.
OWN = f"subject_id = (SELECT u.subject_id FROM accounts_user u WHERE u.id = {PERSON})"  # noqa: S608
OF_AN_INQUIRY = "inquiry_id IN (SELECT id FROM inquiries_inquiry)"


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0002_numbers_templates_roles"),
    ]

    operations = [
        protect(
            "inquiries_inquiry",
            select=[OWN, STAFF, PORTAL],
            insert=[PORTAL],
            update=[STAFF, PORTAL],
            delete=[PORTAL],
        ),
        # The inquiry decides: its own policies hold inside of this one.
        protect(
            "inquiries_entry",
            select=[OF_AN_INQUIRY],
            insert=[STAFF, PORTAL],
            update=[PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "inquiries_childcase",
            select=[STAFF, PORTAL],
            insert=[PORTAL],
            update=[STAFF, PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "inquiries_unconfirmed",
            select=[PORTAL],
            insert=[PORTAL],
            update=[PORTAL],
            delete=[PORTAL],
        ),
    ]
