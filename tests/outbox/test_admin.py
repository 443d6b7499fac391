import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

import outbox
from outbox.models import Message, State

pytestmark = pytest.mark.django_db
LIST = "admin:outbox_message_changelist"


@pytest.fixture
def staff(client, settings):
    """Log in somebody of the staff with these permissions."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False

    def staff(*codenames):
        person = get_user_model().objects.create_user(email="staff@example.com", is_staff=True)
        person.user_permissions.set(Permission.objects.filter(content_type__app_label="outbox", codename__in=codenames))
        client.force_login(person)
        return person

    return staff


@pytest.fixture
def messages():
    """One message in each of three states."""
    for state, more in [
        (State.SET_ASIDE, {}),
        (State.IN_DOUBT, {"handed_over_at": timezone.now()}),
        (State.WAITING, {}),
    ]:
        message = outbox.post(outbox.Address("reader@example.com", "en"), "service", "example/hello", name="Secret")
        Message.objects.filter(pk=message.pk).update(state=state, **more)
    return Message.objects.order_by("pk")


def send_again(client, messages, **more):
    data = {"action": "send_again", "_selected_action": [message.pk for message in messages], **more}
    return client.post(reverse(LIST), data, follow=True)


@pytest.mark.req("R049")
def test_staff_see_what_became_of_a_message_but_not_what_it_says_or_to_whom(client, staff, messages):
    staff("view_message")
    pages = [client.get(reverse(LIST)), client.get(reverse("admin:outbox_message_change", args=[messages[0].pk]))]

    for page in pages:
        assert "example/hello" in page.text
        assert "Secret" not in page.text
        assert "reader@" not in page.text
        assert str(messages[0].ref) not in page.text


@pytest.mark.req("R049")
@pytest.mark.parametrize("question", ["context__name__startswith=S", "context__has_key=code", "to_ref__isnull=1"])
def test_the_address_of_the_list_spells_out_neither_content_nor_reader(client, staff, messages, question):
    staff("view_message")

    assert client.get(f"{reverse(LIST)}?{question}").status_code == 400
    assert client.get(f"{reverse(LIST)}?state__exact=in_doubt").context["cl"].result_count == 1


@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_nobody_writes_a_message_by_hand(client, staff, messages, action):
    staff("view_message", "add_message", "change_message", "delete_message")
    arguments = [] if action == "add" else [messages[0].pk]

    response = client.post(reverse(f"admin:outbox_message_{action}", args=arguments), {"state": "sent", "post": "yes"})

    assert response.status_code == 403
    assert messages[0].state == State.SET_ASIDE


def test_send_again_asks_first_and_warns_of_a_second_copy(client, staff, messages):
    staff("view_message", "change_message")

    page = send_again(client, messages)

    assert "2 messages will be sent again." in page.text
    assert "1 message may already have arrived. Its reader may then receive it twice." in page.text
    assert "1 message is left out" in page.text
    assert [message.state for message in messages.all()] == [State.SET_ASIDE, State.IN_DOUBT, State.WAITING]


def test_send_again_lets_stuck_messages_wait_and_is_on_record(client, staff, messages):
    person = staff("view_message", "change_message")

    page = send_again(client, messages, confirmed="yes")

    assert "2 messages will be sent again." in page.text
    assert {message.state for message in messages.all()} == {State.WAITING}
    assert LogEntry.objects.filter(user=person).count() == 2


def test_who_may_only_look_cannot_send_again(client, staff, messages):
    staff("view_message")

    send_again(client, messages, confirmed="yes")

    assert [message.state for message in messages.all()] == [State.SET_ASIDE, State.IN_DOUBT, State.WAITING]
