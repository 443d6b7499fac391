from django.db import migrations


class Migration(migrations.Migration):
    """C13 held by the database: a membership joins a person and an operator of the same side."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE accounts_membership
                ADD CONSTRAINT membership_side_of_person FOREIGN KEY (user_id, side)
                    REFERENCES accounts_user (id, side) DEFERRABLE INITIALLY DEFERRED,
                ADD CONSTRAINT membership_side_of_operator FOREIGN KEY (operator_id, side)
                    REFERENCES accounts_operator (id, side) DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE accounts_membership
                DROP CONSTRAINT membership_side_of_person, DROP CONSTRAINT membership_side_of_operator;
            """,
        )
    ]
