"""What is sent, typed or answered twice in the same moment counts once."""

import uuid

import pytest
from django.db import connection

from inquiries import services
from inquiries.models import ChildCase, Entry, Inquiry, Unconfirmed
from outbox.models import Message
from privacy.models import LedgerEvent, Matter
from tests.accounts.mail import last_code
from tests.at_once import at_once, names
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("committing_db")
LETTER = {"kind": "general", "name": "", "email": "sender@elsewhere.example", "number": "", "message": "Good day"}
REPORT = LETTER | {"kind": "child", "relation": "parent", "child_email": "child@home.example", "place": ""}


def sending(letter=LETTER, key=None):
    key = key or uuid.uuid4()
    return lambda: services.send(letter, key=key, language="en")


def test_a_double_click_makes_one_inquiry():
    act = sending(key=uuid.uuid4())

    first, second = at_once(act, act)

    assert first == second == Entry.objects.get()
    assert Inquiry.objects.count() == Message.objects.count() == 1


def test_a_double_click_asks_for_one_code():
    key = uuid.uuid4()

    def act():
        return services.send_with_code(LETTER, key=key, language="en")

    first, second = at_once(act, act)

    assert first == second == Unconfirmed.objects.get()
    assert Message.objects.count() == 1


def test_a_code_typed_twice_at_once_counts_once():
    unconfirmed = services.send_with_code(LETTER, key=uuid.uuid4(), language="en")
    code = last_code()

    outcomes = at_once(*[lambda: services.confirm(unconfirmed, code)] * 2)

    assert names(outcomes) == ["Entry", "WrongCode"]
    assert Entry.objects.get().ref == unconfirmed.ref


def test_two_guardians_at_once_hide_somebody_once():
    person = UserFactory(email="child@home.example")

    at_once(sending(REPORT), sending(REPORT | {"email": "other@home.example"}))

    assert sorted(case.hidden_until is None for case in ChildCase.objects.all()) == [False, True]
    assert LedgerEvent.objects.filter(subject_ref=person.ref, matter=Matter.CHILD).count() == 1


def test_a_double_click_answers_once():
    inquiry, key, staff = sending()().inquiry, uuid.uuid4(), UserFactory(is_staff=True)

    def act():
        return services.answer(inquiry, by=staff, text="At nine.", form_key=key)

    first, second = at_once(act, act)

    assert first == second == Entry.objects.get(is_answer=True)


def test_numbers_never_repeat():
    entries = at_once(*[sending() for _number in range(4)])

    assert len({entry.inquiry.number for entry in entries}) == 4
    connection.close()
