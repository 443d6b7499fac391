from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

import outbox
from outbox.models import Message
from tmgportal.health import record_heartbeat


@pytest.fixture
def heartbeats():
    record_heartbeat("worker")
    record_heartbeat("beat")


@pytest.mark.django_db
def test_ready_when_every_part_answers(client, heartbeats):
    response = client.get("/healthz/ready", headers={"host": "probe.internal"})

    assert response.status_code == 200
    assert set(response.json()) == {"database", "migrations", "outbox", "cache", "erasures", "worker", "beat"}
    assert all(response.json().values())


@pytest.mark.django_db
@pytest.mark.parametrize("silent", ["worker", "beat"])
def test_not_ready_while_a_part_is_silent(client, silent):
    record_heartbeat({"worker": "beat", "beat": "worker"}[silent])

    response = client.get("/healthz/ready")

    assert response.status_code == 503
    assert [name for name, well in response.json().items() if not well] == [silent]


@pytest.mark.django_db
def test_not_ready_without_the_migrations_of_this_code(client, heartbeats):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox' AND name LIKE '0001%'")

    assert client.get("/healthz/ready").json()["migrations"] is False


def test_alive_without_database_and_not_ready(committing_db, client):
    connection.close()
    connection.settings_dict["NAME"] = "gone"

    assert client.get("/healthz/live").status_code == 200

    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json() | {"erasures": None, "worker": None, "beat": None} == {
        "database": False,
        "migrations": False,
        "outbox": False,
        "cache": True,
        "erasures": None,
        "worker": None,
        "beat": None,
    }


@pytest.mark.django_db
def test_not_ready_when_a_message_waits_too_long(client, heartbeats):
    outbox.post(outbox.Address("reader@partners.example", "en"), "test", "outbox/emails/base")
    assert client.get("/healthz/ready").json()["outbox"] is True

    Message.objects.update(not_before=timezone.now() - timedelta(minutes=6))

    assert client.get("/healthz/ready").json()["outbox"] is False
