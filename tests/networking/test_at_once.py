"""Introductions in the same moment: a form counts once, and caps hold."""

import uuid

import pytest

from networking import services
from networking.models import Introduction
from outbox.models import Message
from tests.at_once import at_once, names
from tests.factories import MembershipFactory, OperatorFactory, make_member

pytestmark = pytest.mark.usefixtures("committing_db")
WITHOUT_LOCK = {"look_first": True, "locks": False}
TEXT = "Let us work together."


def sending(member, recipient, *, sender=None, key=None):
    """The act of `member`, who writes to `recipient`."""
    key = key or uuid.uuid4()
    return lambda: services.introduce(sender or member.acting_for, recipient, text=TEXT, by=member, form_key=key)


def test_a_double_click_makes_one_introduction():
    act = sending(make_member(), OperatorFactory(overseas=True), key=uuid.uuid4())

    first, second = at_once(act, act)

    assert first == second == Introduction.objects.get()
    assert Message.objects.count() == 1


def test_without_the_lock_the_second_click_would_fail():
    act = sending(make_member(), OperatorFactory(overseas=True), key=uuid.uuid4())

    assert names(at_once(act, act, **WITHOUT_LOCK)) == ["IntegrityError", "Introduction"]


def send_the_last_one_twice(**how):
    """Two different letters to one recipient, of which the cap allows one more."""
    member, recipient = make_member(), OperatorFactory(overseas=True)
    for _number in range(services.TO_ONE_OPERATOR_A_WEEK - 1):
        sending(member, recipient)()
    return at_once(sending(member, recipient), sending(member, recipient), **how)


def test_two_letters_at_once_stay_below_the_cap():
    assert names(send_the_last_one_twice()) == ["Introduction", "TooMany"]
    assert Introduction.objects.count() == services.TO_ONE_OPERATOR_A_WEEK


def test_without_the_lock_they_would_pass_it():
    assert names(send_the_last_one_twice(**WITHOUT_LOCK)) == ["Introduction"] * 2
    assert Introduction.objects.count() == services.TO_ONE_OPERATOR_A_WEEK + 1


def send_for_both_operators(**how):
    """Two letters of a person who acts for two operators, and whom the cap allows one more."""
    member = make_member()
    other = MembershipFactory(user=member).operator
    for _number in range(services.PER_PERSON_A_DAY - 1):
        sending(member, OperatorFactory(overseas=True))()
    first, second = OperatorFactory(overseas=True), OperatorFactory(overseas=True)
    return at_once(sending(member, first), sending(member, second, sender=other), **how)


def test_the_cap_of_a_person_holds_for_both_of_their_operators():
    assert names(send_for_both_operators()) == ["Introduction", "TooMany"]


def test_without_the_lock_they_would_pass_that_too():
    assert names(send_for_both_operators(**WITHOUT_LOCK)) == ["Introduction"] * 2


def test_two_who_write_to_each_other_do_not_wait_for_each_other():
    here, there = make_member(), make_member(overseas=True)

    outcomes = at_once(sending(here, there.acting_for), sending(there, here.acting_for), look_first=True)

    assert names(outcomes) == ["Introduction"] * 2
