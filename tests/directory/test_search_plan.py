"""The database answers a search from its index, not by reading texts."""

import os

import psycopg
import pytest
from django.db import connection

from directory import search, tokens
from directory.models import Listing
from tests.directory.listings import make_buyer, make_listing, make_seller

OTHERS = 3000


def multiply(table, **changed):
    """Insert OTHERS copies of every row of `table`, with `changed` columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        values = ", ".join(changed.get(name, name) for name in columns)
        names = ", ".join(columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {OTHERS}) n")  # noqa: S608


@pytest.mark.usefixtures("committing_db")
def test_the_index_of_the_side_finds_a_word_and_nothing_reads_prose():
    make_listing("Garden")
    make_listing("Garden", overseas=True)
    readers = {"domestic": make_buyer(), "overseas": make_seller()}
    many = f"{10 * OTHERS} * id + n"
    multiply("accounts_operator", id=many, ref="gen_random_uuid()")
    multiply("directory_listing", id=many, ref="gen_random_uuid()", operator_id=many.replace("id", "operator_id"))
    multiply(
        "directory_searchdocument",
        listing_id=many.replace("id", "listing_id"),
        doc="array_to_tsvector(ARRAY['other', 'w' || n])",
    )
    with psycopg.connect(
        os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"], autocommit=True
    ) as owner:
        owner.execute("VACUUM ANALYZE directory_searchdocument, directory_listing, accounts_operator")

    for side, reader in readers.items():
        visible = Listing.objects.visible_to(reader).filter(document__side=side)
        plan = search.matching(visible, tokens.query_tokens("garden"), {}).explain()

        assert f"search_{side}" in plan
        assert "Seq Scan" not in plan
        assert search.search(reader, "garden").total == 1
