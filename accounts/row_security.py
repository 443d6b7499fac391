"""Who reaches rows because they act for an operator; conditions for `privacy.row_security`."""

from privacy.purposes import Purpose
from privacy.row_security import PERSON, for_purpose

MEMBERS = f"SELECT m.operator_id FROM accounts_membership m WHERE m.user_id = {PERSON}"  # noqa: S608
SUBJECT = f"SELECT u.subject_id FROM accounts_user u WHERE u.id = {PERSON}"  # noqa: S608
SIDE_OF_READER = f"""
    SELECT own.side FROM accounts_user reader JOIN accounts_operator own ON own.id = reader.acting_for_id
    WHERE reader.id = {PERSON} AND own.in_cross_view
"""  # noqa: S608
SIDE_OF_SHOWN = """
    SELECT shown.side FROM accounts_operator shown
    WHERE shown.id = {column} AND shown.in_cross_view AND shown.contact_id IS NOT NULL AND shown.shown_contact <> '{{}}'
"""


def members_of(column):
    """Rows whose `column` is the key of an operator that the person who acts is a member of."""
    return f"{column} IN ({MEMBERS})"


def shown_across(column):
    """Rows of an operator that shows its person in charge, for somebody who acts for one of the other side; both are in
    the cross-view (C13). `column` is named with its table."""
    return for_purpose(Purpose.NETWORKING, f"({SIDE_OF_SHOWN.format(column=column)}) <> ({SIDE_OF_READER})")


def own_subject(column):
    """Rows whose `column` is the data subject of the person who acts."""
    return f"{column} = ({SUBJECT})"
