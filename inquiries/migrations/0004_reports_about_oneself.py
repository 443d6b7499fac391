from django.db import migrations

from accounts.row_security import own_subject
from privacy.row_security import PORTAL, STAFF, let_read

BEFORE = [STAFF, PORTAL]


class Migration(migrations.Migration):
    """Who is said to be a child reads in the privacy centre what is held of it, and who saw it (R092)."""

    dependencies = [("inquiries", "0003_row_security")]

    operations = [let_read("inquiries_childcase", before=BEFORE, after=[own_subject("subject_id"), *BEFORE])]
