from django.db import migrations

from accounts.row_security import own_subject
from privacy.row_security import PORTAL, STAFF, protect

OWN = own_subject("subject_id")


class Migration(migrations.Migration):
    """Of a table below: whose request it is, the account says."""

    dependencies = [
        ("accounts", "0007_age_is_in_the_ledger"),
        ("privacy", "0004_policies_ledger_recipients"),
    ]

    operations = [
        protect(
            "privacy_request",
            select=[OWN, STAFF, PORTAL],
            insert=[OWN, PORTAL],
            update=[STAFF, PORTAL],
            delete=[PORTAL],
        ),
    ]
