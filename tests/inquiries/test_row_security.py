"""Whoever forgets to say who acts finds no inquiry; a person finds their own, staff find all (docs/adr/0010)."""

import uuid

import pytest

from inquiries import services
from inquiries.models import ChildCase, Entry, Inquiry, Unconfirmed
from privacy import held
from privacy.acting import STAFF, acting_as
from tests.factories import UserFactory
from tests.nobody import nobody

pytestmark = pytest.mark.django_db
LETTER = {"kind": "general", "name": "", "email": "sender@elsewhere.example", "number": "", "message": "Good day"}
REPORT = {"kind": "child", "relation": "parent", "child_email": "child@home.example", "place": ""}
MODELS = (Inquiry, Entry, ChildCase, Unconfirmed)


def counts():
    return [model.objects.count() for model in MODELS]


@pytest.mark.req("R151")
def test_who_finds_what():
    person, other = UserFactory(email="own@inn.example"), UserFactory()
    services.send(LETTER | {"email": person.email}, key=uuid.uuid4(), language="en", person=person)
    services.send(LETTER | REPORT, key=uuid.uuid4(), language="en")
    services.send_with_code(LETTER, key=uuid.uuid4(), language="en")
    assert counts() == [2, 2, 1, 1]

    with nobody():
        assert counts() == [0, 0, 0, 0]
        with acting_as(person):
            assert counts() == [1, 1, 0, 0]
        with acting_as(other):
            assert counts() == [0, 0, 0, 0]
        with acting_as(duty=STAFF):
            assert counts() == [2, 2, 1, 0]


@pytest.mark.req("R092")
def test_who_is_said_to_be_a_child_reads_what_is_held_of_it():
    child = UserFactory(email="child@home.example")
    services.send(LETTER | REPORT, key=uuid.uuid4(), language="en")

    with nobody(), acting_as(child):
        kinds = [kind for kind in held.of(child.subject) if kind.declaration.model is ChildCase]

    assert [record.values["child_email"] for kind in kinds for record in kind.records] == ["child@home.example"]
