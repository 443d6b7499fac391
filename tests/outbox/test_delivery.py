import logging
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

import outbox
from outbox import delivery
from outbox.models import Message, Problem, State
from tests.outbox.people import Person

pytestmark = pytest.mark.django_db


def test_sweep_sends_a_message_once():
    outbox.post(Person("a@example.com"), "service", "example/hello", name="A")

    assert [delivery.sweep(), delivery.sweep()] == [1, 0]
    assert [sent.to for sent in mail.outbox] == [["a@example.com"]]


@pytest.mark.req("R110")
@pytest.mark.parametrize("to", ["person", "one-off address"])
def test_a_sent_message_keeps_neither_content_nor_address(the_message, to):
    to = Person("a@example.com") if to == "person" else outbox.Address("a@example.com", "en")
    outbox.post(to, "service", "example/hello", name="Secret")

    delivery.sweep()

    message = the_message()
    assert (message.state, message.context, message.sealed_to) == (State.SENT, None, None)
    assert message.sent_at
    assert message.handed_over_at


@pytest.mark.req("R039", "R044")
def test_the_gate_is_asked_at_delivery(the_message):
    person = Person("a@example.com")
    outbox.post(person, "news", "example/hello", name="A")
    person.refuses.add("news")

    delivery.sweep()

    message = the_message()
    assert (message.state, message.problem, message.context) == (State.REFUSED, Problem.NOT_PERMITTED, None)
    assert not mail.outbox


def test_the_address_is_asked_for_at_delivery():
    person = Person("old@example.com")
    outbox.post(person, "service", "example/hello", name="A")
    person.address = "new@example.com"

    delivery.sweep()

    assert [sent.to for sent in mail.outbox] == [["new@example.com"]]


def test_who_has_left_gets_nothing(the_message):
    person = Person("a@example.com")
    outbox.post(person, "service", "example/hello", name="A")
    person.leave()

    delivery.sweep()

    message = the_message()
    assert (message.state, message.problem, message.context) == (State.REFUSED, Problem.NO_ADDRESS, None)
    assert not mail.outbox


def test_a_code_is_not_sent_after_its_time(the_message):
    to = outbox.Address("a@example.com", "en")
    outbox.post(to, "service", "example/hello", expires=timedelta(minutes=10), name="123456")

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        delivery.sweep()

    message = the_message()
    assert (message.state, message.context, message.sealed_to) == (State.EXPIRED, None, None)
    assert not mail.outbox


@pytest.mark.req("R110")
@pytest.mark.parametrize("state", [State.SET_ASIDE, State.IN_DOUBT])
def test_a_stuck_message_is_wiped_after_its_time(the_message, state):
    outbox.post(Person("a@example.com"), "service", "example/hello", expires=timedelta(), name="123456")
    Message.objects.update(state=state, handed_over_at=timezone.now() if state == State.IN_DOUBT else None)

    delivery.sweep()

    assert (the_message().state, the_message().context) == (state, None)


def test_what_expires_first_goes_first():
    outbox.post(Person("news@example.com"), "service", "example/hello", name="A")
    outbox.post(Person("code@example.com"), "service", "example/hello", expires=timedelta(minutes=10), name="A")

    delivery.sweep()

    assert [sent.to for sent in mail.outbox] == [["code@example.com"], ["news@example.com"]]


@pytest.mark.parametrize(
    ("template", "address"),
    [("example/missing", "a@example.com"), ("example/broken", "a@example.com"), ("example/hello", "a@b.c\nBcc: d@e.f")],
)
def test_a_message_that_cannot_be_written_is_set_aside_and_the_others_go(template, address):
    bad = outbox.post(Person(address), "service", template, expires=timedelta(days=1), name="A")
    outbox.post(Person("b@example.com"), "service", "example/hello", name="B")

    delivery.sweep()

    bad.refresh_from_db()
    assert (bad.state, bad.problem) == (State.SET_ASIDE, Problem.UNWRITABLE)
    assert [sent.to for sent in mail.outbox] == [["b@example.com"]]


@pytest.mark.parametrize(
    ("answers", "state", "problem", "response"),
    [
        ({"MAIL": "550 5.7.1 no a@example.com"}, State.SET_ASIDE, Problem.REJECTED, "550 5.7.1"),
        ({"RCPT": "550 5.1.1 who is a@example.com?"}, State.SET_ASIDE, Problem.REJECTED, "550 5.1.1"),
        ({"DATA": "554 spam"}, State.SET_ASIDE, Problem.REJECTED, "554"),
        ({"MAIL": "421 4.3.2 closing"}, State.WAITING, Problem.POSTPONED, "421 4.3.2"),
        ({"RCPT": "450 4.2.1 greylisted"}, State.WAITING, Problem.POSTPONED, "450 4.2.1"),
        ({"DATA": "452 4.3.1 full"}, State.WAITING, Problem.POSTPONED, "452 4.3.1"),
        ({"RCPT": "hang up"}, State.WAITING, Problem.POSTPONED, "SMTPServerDisconnected"),
        ({"DATA": "hang up"}, State.IN_DOUBT, Problem.UNANSWERED, "SMTPServerDisconnected"),
        ({}, State.SENT, "", ""),
    ],
)
def test_each_answer_of_the_mail_server_leads_to_a_state(mail_server, the_message, answers, state, problem, response):
    outbox.post(Person("a@example.com"), "service", "example/hello", name="A")
    mail_server.answers = answers

    delivery.sweep()

    message = the_message()
    assert (message.state, message.problem, message.response) == (state, problem, response)


def test_waits_longer_after_each_failure_and_is_set_aside_in_the_end(settings, the_message):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "outbox.smtp.EmailBackend", 1
    settings.EMAIL_HOST = "127.0.0.1"
    outbox.post(Person("a@example.com"), "service", "example/hello", name="A")
    waits = []

    with time_machine.travel(timezone.now(), tick=False) as clock:
        while the_message().state == State.WAITING:
            delivery.sweep()
            waits.append((the_message().not_before - timezone.now()) / timedelta(minutes=1))
            clock.move_to(max(the_message().not_before, timezone.now()))

    assert waits == [1, 5, 30, 120, 360, 720, 1440, 0]
    assert (the_message().state, the_message().problem) == (State.SET_ASIDE, Problem.UNREACHABLE)


def test_a_message_that_ends_its_sender_three_times_is_set_aside(the_message):
    outbox.post(Person("a@example.com"), "service", "example/hello", name="A")

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for crashes in (1, 2, 3):
            assert delivery._claim(Message.objects.all())
            clock.shift(delivery.CLAIM)
            Message.objects.settle_lost()
            assert the_message().crashes == crashes

    assert (the_message().state, the_message().problem) == (State.SET_ASIDE, Problem.INTERRUPTED)
    assert delivery.sweep() == 0
    assert not mail.outbox


def test_a_sender_that_lost_its_message_does_not_hand_it_over(the_message):
    outbox.post(Person("a@example.com"), "service", "example/hello", name="A")
    slow = delivery._claim(Message.objects.all())
    with time_machine.travel(slow.leased_until):
        Message.objects.settle_lost()
    delivery.sweep()

    delivery._send(slow)

    assert len(mail.outbox) == 1
    assert the_message().state == State.SENT


@pytest.mark.req("R121", "R151")
def test_no_log_line_names_anybody(mail_server, caplog):
    caplog.set_level(logging.DEBUG)
    outbox.post(Person("a@example.com"), "service", "example/hello", name="Haruo")
    mail_server.answers = {"RCPT": "550 who is a@example.com?"}

    delivery.sweep()

    lines = [record.getMessage() for record in caplog.records if record.name.startswith("outbox")]
    assert lines
    assert not [line for line in lines if "example.com" in line or "Haruo" in line]


def test_overdue_and_age_tell_that_nobody_sends():
    outbox.post(Person("a@example.com"), "service", "example/hello", name="A")
    assert not Message.objects.overdue().exists()

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert Message.objects.overdue().exists()
        assert timedelta(minutes=6) <= Message.objects.age() < timedelta(minutes=7)
        delivery.sweep()
        assert Message.objects.age() == timedelta()
