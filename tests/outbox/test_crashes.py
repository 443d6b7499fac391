"""What is left after a sender was killed, and after many senders came at once. Everything here commits."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

import outbox
from outbox import delivery
from outbox.models import Message, Problem, State

pytestmark = pytest.mark.usefixtures("committing_db")
TO = outbox.Address("a@example.com", "en")


@contextmanager
def in_threads(work, count):
    """Run `work` in `count` threads at once; whatever one of them raises, the test raises."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(30)
    assert not errors


@pytest.fixture
def kill_sender_at(mail_server):
    """Let another process deliver, until the mail server falls silent at `step`; then kill -9 it."""

    def kill_sender_at(step):
        mail_server.answers = {step: "silence"}
        command = [sys.executable, "-m", "tests.outbox.sender", connection.settings_dict["NAME"], str(mail_server.port)]
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        with subprocess.Popen(command, env=environment) as sender:
            try:
                assert mail_server.reached.wait(30)
            finally:
                sender.kill()
        mail_server.answers = {}

    return kill_sender_at


def test_killed_while_handing_over_is_in_doubt_and_never_sent_again_by_itself(mail_server, kill_sender_at, the_message):
    outbox.post(TO, "service", "example/hello", name="A")
    kill_sender_at("DATA")
    assert (the_message().state, len(mail_server.mails)) == (State.SENDING, 1)

    with time_machine.travel(timezone.now() + delivery.HANDING_OVER + timedelta(seconds=1)):
        delivery.sweep()
        assert (the_message().state, the_message().problem) == (State.IN_DOUBT, Problem.UNANSWERED)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        delivery.sweep()

    assert len(mail_server.mails) == 1


def test_killed_before_handing_over_is_sent_by_the_next(mail_server, kill_sender_at, the_message):
    outbox.post(TO, "service", "example/hello", name="A")
    kill_sender_at("EHLO")
    assert (the_message().state, the_message().handed_over_at) == (State.SENDING, None)
    assert delivery.sweep() == 0

    with time_machine.travel(timezone.now() + delivery.CLAIM + timedelta(seconds=1)):
        delivery.sweep()

    assert (the_message().state, the_message().crashes, len(mail_server.mails)) == (State.SENT, 1, 1)


def test_a_message_that_another_sender_is_claiming_is_skipped_and_not_waited_for():
    outbox.post(TO, "service", "example/hello", name="A")
    tried = []

    with transaction.atomic():
        assert Message.objects.due().select_for_update().get()
        with in_threads(lambda: tried.append(delivery.deliver(Message.objects.all())), 1):
            pass
    with in_threads(lambda: tried.append(delivery.deliver(Message.objects.all())), 1):
        pass

    assert tried == [False, True]


def test_many_senders_send_each_message_once():
    for number in range(20):
        outbox.post(TO, "service", "example/hello", name=number)
    start = threading.Barrier(4)

    def work():
        start.wait(10)
        delivery.sweep()

    with in_threads(work, 4):
        pass

    assert sorted(sent.subject for sent in mail.outbox) == sorted(f"Set aside: {number}" for number in range(20))


def test_senders_that_do_not_claim_would_send_twice():
    """Shows that the threads of the test above do meet each other."""
    outbox.post(TO, "service", "example/hello", name="A")
    start, found = threading.Barrier(4), []

    def work():
        message = Message.objects.due().first()
        start.wait(10)
        found.append(message)

    with in_threads(work, 4):
        pass

    assert len(found) == 4
