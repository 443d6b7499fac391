from django.db import migrations

from accounts.row_security import members_of, shown_across
from privacy.row_security import PORTAL, STAFF, own, protect

MEMBERS = members_of("operator_id")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_people_of_operators"),
    ]

    operations = [
        protect(
            "accounts_operatorpeople",
            select=[MEMBERS, STAFF, PORTAL, shown_across("accounts_operatorpeople.operator_id")],
            insert=[STAFF, PORTAL],
            update=[STAFF, PORTAL],
            delete=[PORTAL],
        ),
        *(
            protect(
                table,
                select=[MEMBERS, STAFF, PORTAL],
                insert=[MEMBERS, PORTAL],
                update=[MEMBERS, STAFF, PORTAL],
                delete=[PORTAL],
            )
            for table in ("accounts_domesticregistration", "accounts_overseasregistration")
        ),
        protect(
            "accounts_decision",
            select=[MEMBERS, own("by_id"), STAFF, PORTAL],
            insert=[STAFF, PORTAL],
            update=[PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "accounts_invitation",
            select=[MEMBERS, own("invited_by_id"), PORTAL],
            insert=[MEMBERS, PORTAL],
            update=[MEMBERS, PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "accounts_addressproof",
            select=[MEMBERS, PORTAL],
            insert=[MEMBERS, PORTAL],
            update=[MEMBERS, PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "accounts_joinrequest",
            select=[MEMBERS, own("user_id"), PORTAL],
            insert=[own("user_id"), PORTAL],
            update=[MEMBERS, PORTAL],
            delete=[PORTAL],
        ),
    ]
