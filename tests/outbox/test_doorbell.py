import socket
import time

import pytest
from celery import current_app
from django.core import mail
from django.db import transaction

import outbox
from outbox import doorbell, tasks
from outbox.models import Message, State

pytestmark = pytest.mark.usefixtures("committing_db")
TO = outbox.Address("a@example.com", "en")


@pytest.fixture
def use_broker(monkeypatch):
    """Let the bell ring at another broker."""
    return lambda url: monkeypatch.setattr(current_app.conf, "broker_write_url", url)


@pytest.fixture
def silent_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def post():
    with transaction.atomic():
        return outbox.post(TO, "service", "example/hello", name="A")


def waiting_doorbells():
    with current_app.connection_for_read() as broker:
        return broker.default_channel.client.llen("celery")


def test_post_rings_when_the_act_is_certain():
    with transaction.atomic():
        outbox.post(TO, "service", "example/hello", name="A")
        assert waiting_doorbells() == 0

    assert waiting_doorbells() == 1


def test_the_ring_delivers_the_message():
    message = post()

    tasks.deliver(message.pk)
    tasks.deliver(message.pk)

    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("broker", "patience"), [("gone", 0.3), ("silent", 0.9)])
def test_without_a_broker_the_act_succeeds_soon_and_the_sweep_delivers(use_broker, silent_port, broker, patience):
    use_broker(f"redis://127.0.0.1:{silent_port if broker == 'silent' else 1}/0")
    moments = [time.monotonic()]

    for _ in range(2):
        post()
        moments.append(time.monotonic())
    tasks.sweep()

    assert moments[1] - moments[0] < patience
    assert moments[2] - moments[1] < 0.3  # Nobody waits twice for a broker that is away.
    assert [message.state for message in Message.objects.all()] == [State.SENT, State.SENT]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("silence", "doorbells"), [(30, 0), (0, 1)])
def test_a_broker_that_is_back_is_rung_again_after_a_while(use_broker, monkeypatch, silence, doorbells):
    monkeypatch.setattr(doorbell, "SILENCE", silence)
    use_broker("redis://127.0.0.1:1/0")
    post()
    use_broker(None)

    post()

    assert waiting_doorbells() == doorbells
