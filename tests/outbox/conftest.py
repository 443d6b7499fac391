import threading
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from outbox import doorbell
from outbox.models import Message
from tests.outbox import people
from tmgportal.stack import free_port

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def _world(settings):
    """People of our own, templates of our own, and a bell that nobody has silenced."""
    settings.OUTBOX_MAY_SEND = "tests.outbox.people.may_send"
    settings.OUTBOX_CONTACT_OF = "tests.outbox.people.contact_of"
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], TEMPLATES]}]
    people.known.clear()
    doorbell._silent_until = 0.0


@pytest.fixture
def the_message():
    """The only message there is, as it stands in the database."""
    return Message.objects.get


class MailServer:
    """Says what its test tells it to; keeps what it took."""

    def __init__(self):
        self.answers = {}
        self.mails = []
        self.reached = threading.Event()

    async def _answer(self, step, server, otherwise):
        answer = self.answers.get(step, otherwise)
        if answer == "silence":
            self.reached.set()
            await server.loop.create_future()
        if answer == "hang up":
            server.transport.close()
        return answer

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        await self._answer("EHLO", server, None)
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self._answer("MAIL", server, "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server, "250 OK")

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.content)
        return await self._answer("DATA", server, "250 OK")


@pytest.fixture
def mail_server(settings):
    """A real SMTP server, to which the outbox delivers with its own client."""
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    handler.port = controller.port
    yield handler
    controller.stop()
