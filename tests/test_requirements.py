import html

import pytest

from tests import requirements

LATER = ["newsletters"]


def test_every_requirement_has_a_test_or_says_what_will_build_it():
    lines, proofs = requirements.lines(), requirements.proofs()

    assert [
        number for number, (_sentence, still_open) in lines.items() if not still_open and number not in proofs
    ] == []
    assert set(proofs) - set(lines) == set()
    assert {still_open for _sentence, still_open in lines.values()} == {"", *LATER}


def test_the_table_is_up_to_date():
    assert requirements.PAGE.read_text() == requirements.page(), "python -m tests.requirements"


@pytest.mark.req("R047")
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["signup", "login"])
def test_who_comes_in_is_told_that_what_they_do_belongs_to_their_account(client, name):
    text = html.unescape(client.get(f"/en/account/{name}/").content.decode())

    assert "belongs to your account" in text
