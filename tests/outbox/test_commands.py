from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

import outbox

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("options", "says", "sent"), [({}, "1 messages tried\n", 1), ({"dry_run": True}, "1 messages are due\n", 0)]
)
def test_deliver_outbox_sends_what_is_due(options, says, sent):
    outbox.post(outbox.Address("a@example.com", "en"), "service", "example/hello", name="A")
    output = StringIO()

    call_command("deliver_outbox", stdout=output, **options)

    assert (output.getvalue(), len(mail.outbox)) == (says, sent)
