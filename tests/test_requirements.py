import html

import pytest

from tests import requirements


def test_every_requirement_has_a_test_and_every_mark_a_requirement():
    assert set(requirements.proofs()) == set(requirements.sentences())


def test_the_table_is_up_to_date():
    assert requirements.PAGE.read_text() == requirements.page(), "python -m tests.requirements"


@pytest.mark.req("R047")
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["signup", "login"])
def test_who_comes_in_is_told_that_what_they_do_belongs_to_their_account(client, name):
    text = html.unescape(client.get(f"/en/account/{name}/").content.decode())

    assert "belongs to your account" in text
