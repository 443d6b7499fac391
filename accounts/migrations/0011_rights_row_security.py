from django.db import migrations

from accounts.row_security import own_subject
from privacy.row_security import PORTAL, STAFF, protect

OF_OWN_REQUEST = f"request_id IN (SELECT id FROM privacy_request WHERE {own_subject('subject_id')})"  # noqa: S608


class Migration(migrations.Migration):
    """Letters, papers, mandates and copies of data reach the person, the staff and the portal; nobody else."""

    dependencies = [
        ("accounts", "0010_registrations_of_their_author"),
        ("privacy", "0013_requests_guarded"),
    ]

    operations = [
        # Staff enter what comes by letter, telephone and at the counter.
        migrations.RunSQL(
            f"ALTER POLICY may_insert ON privacy_request WITH CHECK ({own_subject('subject_id')} OR {STAFF} OR {PORTAL})",
            f"ALTER POLICY may_insert ON privacy_request WITH CHECK ({own_subject('subject_id')} OR {PORTAL})",
        ),
        protect(
            "privacy_requestletter",
            select=[OF_OWN_REQUEST, STAFF, PORTAL],
            insert=[STAFF, PORTAL],
            update=[PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "privacy_sealedpaper",
            select=[STAFF, PORTAL],
            insert=[OF_OWN_REQUEST, STAFF, PORTAL],
            update=[STAFF, PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "privacy_mandate",
            select=[own_subject("subject_id"), own_subject("agent_id"), STAFF, PORTAL],
            insert=[STAFF, PORTAL],
            update=[own_subject("subject_id"), STAFF, PORTAL],
            delete=[PORTAL],
        ),
        protect(
            "privacy_package",
            select=[own_subject("subject_id"), STAFF, PORTAL],
            insert=[own_subject("subject_id"), STAFF, PORTAL],
            update=[own_subject("subject_id"), PORTAL],
            delete=[PORTAL],
        ),
    ]
