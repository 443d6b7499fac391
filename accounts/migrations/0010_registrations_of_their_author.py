from django.db import migrations

from accounts.row_security import members_of
from privacy.row_security import PORTAL, STAFF, let_read, own

BEFORE = [members_of("operator_id"), STAFF, PORTAL]


class Migration(migrations.Migration):
    """Who wrote a registration reads in the privacy centre that it is held, also once they left the business (R092)."""

    dependencies = [("accounts", "0009_staff_of_a_recipient")]

    operations = [
        let_read(table, before=BEFORE, after=[*BEFORE, own("created_by_id")])
        for table in ("accounts_domesticregistration", "accounts_overseasregistration")
    ]
