import smtplib

import pytest

from outbox import smtp


@pytest.fixture
def client(mail_server):
    """A connection over which one mail has been announced, with the time-out that each reply was waited for."""
    backend = smtp.EmailBackend()
    backend.open()
    client = backend.connection
    client.mail("a@example.com")
    client.rcpt("b@example.com")
    yield client
    backend.close()


def test_a_reply_is_waited_for_as_long_as_its_step_may_take(client, monkeypatch):
    waits, reply = [], smtplib.SMTP.getreply
    monkeypatch.setattr(smtplib.SMTP, "getreply", lambda self: waits.append(self.sock.gettimeout()) or reply(self))

    client.noop()
    client.data("Subject: A\n\nA")
    client.noop()

    assert waits == [60, 600, 600, 60]


def test_connecting_is_waited_for_ten_seconds(mail_server, monkeypatch):
    waits, connect = [], smtplib.socket.create_connection
    monkeypatch.setattr(
        smtplib.socket,
        "create_connection",
        lambda to, timeout, source: waits.append(timeout) or connect(to, timeout, source),
    )

    backend = smtp.EmailBackend()
    backend.open()
    backend.close()

    assert waits == [10]


def test_an_answer_to_the_content_is_an_answer(client, mail_server):
    mail_server.answers = {"DATA": "554 spam"}

    assert client.data("Subject: A\n\nA") == (554, b"spam")


def test_no_answer_to_the_content_has_a_name(client, mail_server):
    mail_server.answers = {"DATA": "hang up"}

    with pytest.raises(smtp.Unanswered):
        client.data("Subject: A\n\nA")


@pytest.mark.parametrize(("use_ssl", "client_class"), [(False, smtp.PatientSMTP), (True, smtp.PatientSMTP_SSL)])
def test_encrypted_connections_are_as_patient(use_ssl, client_class):
    assert smtp.EmailBackend(use_ssl=use_ssl, use_tls=False).connection_class is client_class
