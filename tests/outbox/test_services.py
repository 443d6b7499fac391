from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

import outbox
from outbox import delivery, services
from outbox.addresses import seal, unseal
from outbox.models import Message, State
from tests.outbox.people import Person

pytestmark = pytest.mark.django_db


class RegistrationFailed(Exception):
    pass


def test_post_leaves_nothing_when_the_act_fails():
    def act():
        with transaction.atomic():
            outbox.post(Person("a@example.com"), "service", "example/hello", name="A")
            raise RegistrationFailed

    with pytest.raises(RegistrationFailed):
        act()

    assert not Message.objects.exists()


@pytest.mark.req("R151")
def test_post_keeps_a_one_off_address_where_nobody_reads_it():
    message = outbox.post(outbox.Address("a@example.com", "ja"), "service", "example/hello", name="A")

    assert b"example.com" not in bytes(message.sealed_to)
    assert message.to_ref is None
    assert unseal(message.sealed_to) == outbox.Address("a@example.com", "ja")


def test_unseal_opens_what_a_replaced_secret_sealed(settings):
    settings.SECRET_KEY = "old"
    sealed = seal(outbox.Address("a@example.com", "ja"))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]

    assert unseal(sealed).email == "a@example.com"


@pytest.mark.parametrize(
    ("expires", "after"),
    [
        (None, timedelta(days=30)),
        (timedelta(minutes=10), timedelta(minutes=10)),
        (timezone.now() + timedelta(hours=1), timedelta(hours=1)),
    ],
)
def test_post_knows_when_a_message_loses_its_use(expires, after):
    message = outbox.post(Person("a@example.com"), "service", "example/hello", expires=expires, name="A")

    assert abs(message.expires_at - timezone.now() - after) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("state", "goes"),
    [(State.SET_ASIDE, True), (State.IN_DOUBT, True), (State.WAITING, False), (State.SENT, False)],
)
def test_send_again_is_for_stuck_messages(admin_user, state, goes):
    moments = {
        State.IN_DOUBT: {"handed_over_at": timezone.now()},
        State.SENT: {"handed_over_at": timezone.now(), "sent_at": timezone.now(), "context": None},
    }
    message = outbox.post(Person("a@example.com"), "service", "example/hello", name="A")
    Message.objects.update(state=state, crashes=3, **moments.get(state, {}))

    again = services.send_again(Message.objects.all(), by=admin_user)
    delivery.sweep()

    assert again == ([message] if goes else [])
    assert len(mail.outbox) == (1 if goes or state == State.WAITING else 0)


def test_send_again_leaves_out_what_has_expired(admin_user):
    outbox.post(Person("a@example.com"), "service", "example/hello", expires=timedelta(), name="A")
    Message.objects.update(state=State.SET_ASIDE)

    assert services.send_again(Message.objects.all(), by=admin_user) == []
