"""The page of one's own request: where it stands, why it takes so long, the letters, and taking it back."""

import pytest
from django.urls import reverse

from privacy import requests
from privacy.models import RequestState, Step
from privacy.requests import effects
from tests.factories import make_member


@pytest.fixture
def person(db, client):
    person = make_member()
    client.force_login(person)
    return person


@pytest.fixture
def asked(person):
    return requests.receive(person.subject, "restriction", "Nothing for <now>, please.", by=person)[0]


def url(request):
    return reverse("privacy:request", args=[request.ref])


@pytest.mark.req("R090", "R092", "L02")
def test_it_says_where_the_request_stands_and_by_when_it_is_answered(client, asked):
    due = asked.newest.due_on

    page = client.get(url(asked)).content.decode()

    assert asked.number in page
    assert f"We answer by {due.day} {due:%b} {due.year} at the latest." in page
    assert "counted from the receipt on" in page
    assert "Nothing for &lt;now&gt;, please." in page


@pytest.mark.req("R101")
def test_letters_are_read_there_and_what_staff_are_reminded_of_is_not(client, make_staff, asked):
    officer = make_staff("privacy officer")
    requests.ask_completion(asked, "Which of your listings?", by=officer)
    requests.record(asked, Step.REMINDED)

    page = client.get(url(asked)).content.decode()

    assert "Which of your listings?" in page
    assert "We wait for you." in page
    assert "Staff reminded" not in page
    assert officer.email not in page


@pytest.mark.req("R095")
def test_a_request_is_taken_back_with_one_button_until_it_is_decided(client, person, asked):
    assert client.get(url(asked)).context["can_withdraw"]

    response = client.post(url(asked), follow=True)

    assert asked.newest.state == RequestState.WITHDRAWN
    assert asked.newest.by == person
    assert "You have taken back your request" in response.content.decode()
    assert not response.context["can_withdraw"]
    assert not effects.is_restricted(person.subject)
    # A second click says so, and changes nothing.
    again = client.post(url(asked), follow=True)
    assert "cannot follow now" in again.content.decode()
    assert asked.events.filter(step=Step.WITHDRAWN).count() == 1


def test_the_request_of_somebody_else_is_not_there(client, person):
    stranger = make_member()
    theirs = requests.receive(stranger.subject, "access", "", by=stranger)[0]

    assert client.get(url(theirs)).status_code == 404
    assert client.post(url(theirs)).status_code == 404
    assert theirs.newest.state == RequestState.RECEIVED


def test_the_privacy_centre_leads_to_it_and_says_its_state(client, asked):
    page = client.get(reverse("privacy:centre")).content.decode()

    assert url(asked) in page
    assert "Received" in page
