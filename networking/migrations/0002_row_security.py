from django.db import migrations

from accounts.row_security import members_of
from privacy.row_security import PORTAL, STAFF, own, protect

SENDERS, RECIPIENTS = members_of("sender_id"), members_of("recipient_id")
# R049: staff read what was reported, and nothing else that operators wrote to each other.
REPORTED = f"({STAFF} AND reported_at IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [
        ("networking", "0001_initial"),
        # The policies read who is a member.
        ("accounts", "0006_row_security"),
    ]

    operations = [
        protect(
            "networking_introduction",
            select=[SENDERS, RECIPIENTS, own("sent_by_id"), REPORTED, PORTAL],
            insert=[SENDERS, PORTAL],
            update=[RECIPIENTS, REPORTED, PORTAL],
            delete=[PORTAL],
        ),
    ]
