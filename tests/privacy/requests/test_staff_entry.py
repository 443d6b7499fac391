"""What comes by letter, telephone or at the counter is entered by officers, with the day on which it came."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox import Address
from outbox.composing import compose
from outbox.models import Message
from privacy import links, requests
from privacy.models import Mandate, Request, Step
from tests.factories import make_member

URL = "/en/admin/privacy/request/add/"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def officer(make_staff, client):
    person = make_staff("privacy officer")
    client.force_login(person)
    return person


def entry(**answers):
    return {
        "channel": "paper",
        "received_on": timezone.localdate().isoformat(),
        "name": "Mori Sato",
        "email": "",
        "kind": "access",
        "regimes": ["appi"],
        "language": "ja",
        "text": "Everything that you have.",
    } | answers


AGENT = {
    "agent_kind": "legal",
    "agent_name": "Aoi Agent",
    "agent_email": "agent@elsewhere.example",
    "agent_scope": ["access"],
    "agent_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
}


def errors(response, field):
    return response.context["form"].errors[field]


@pytest.mark.req("R090")
def test_an_officer_enters_a_letter_with_the_day_on_which_it_came(client, officer):
    day = timezone.localdate() - timedelta(days=3)

    response = client.post(URL, entry(received_on=day.isoformat()))

    asked = Request.objects.get()
    assert response.headers["Location"] == reverse("admin:privacy_request_change", args=[asked.pk])
    assert timezone.localdate(asked.received_at) == day
    assert (asked.channel, asked.name, asked.regimes, asked.language) == ("paper", "Mori Sato", ["appi"], "ja")
    assert asked.entered_by == officer
    # Who asks is settled by an officer, not by whoever typed it.
    assert not asked.events.filter(step=Step.IDENTITY_SETTLED).exists()


def test_the_person_is_found_by_the_address_and_otherwise_new(client, officer):
    member = make_member()

    client.post(URL, entry(email=member.email))
    client.post(URL, entry(email="unknown@elsewhere.example"))

    unknown, known = Request.objects.all()
    assert known.subject == member.subject
    assert unknown.subject not in (member.subject, officer.subject)


@pytest.mark.req("R091", "R099")
def test_an_address_is_the_same_in_capitals(client, officer):
    member, agent = make_member(), make_member()

    client.post(URL, entry(email=member.email.upper(), **AGENT | {"agent_email": agent.email.capitalize()}))

    asked = Request.objects.get()
    assert asked.subject == member.subject
    assert asked.mandate.agent == agent.subject
    assert asked.mandate.agent_email == agent.email


def test_a_form_sent_twice_enters_one(client, officer):
    member = make_member()

    client.post(URL, entry(email=member.email))
    client.post(URL, entry(email=member.email))

    assert Request.objects.count() == 1


@pytest.mark.parametrize(("days", "said"), [(-1, "has not come yet"), (367, "more than a year ago")])
def test_a_day_that_cannot_be_is_refused_and_what_was_typed_stays(client, officer, days, said):
    day = timezone.localdate() - timedelta(days=days)

    response = client.post(URL, entry(received_on=day.isoformat()))

    assert said in errors(response, "received_on")[0]
    assert "Everything that you have." in response.content.decode()
    assert not Request.objects.exists()


@pytest.mark.req("R091", "L08")
@pytest.mark.parametrize("kind", ["legal", "voluntary"])
def test_an_agent_is_entered_with_the_mandate_which_counts_for_nothing_yet(client, officer, kind):
    member = make_member()

    client.post(URL, entry(email=member.email, **AGENT | {"agent_kind": kind}))

    mandate = Mandate.objects.get()
    asked = Request.objects.get()
    assert asked.mandate == mandate
    assert (mandate.subject, mandate.agent_name, mandate.scope) == (member.subject, "Aoi Agent", ["access"])
    assert mandate.agent not in (member.subject, officer.subject)
    assert mandate.acknowledged_at is None
    assert Message.objects.filter(template="privacy/emails/mandate").exists() == (kind == "voluntary")
    assert "Asked by an agent" in client.get(reverse("admin:privacy_request_change", args=[asked.pk])).content.decode()


@pytest.mark.parametrize("missing", ["agent_kind", "agent_name", "agent_email", "agent_scope", "agent_until"])
def test_half_an_agent_is_none(client, officer, missing):
    response = client.post(URL, entry(**{name: value for name, value in AGENT.items() if name != missing}))

    assert errors(response, missing) == ["Of an agent this is needed, too."]
    assert not Mandate.objects.exists()


def test_nobody_is_their_own_agent(client, officer):
    response = client.post(URL, entry(email="Agent@elsewhere.example", **AGENT))

    assert "Nobody is their own agent" in errors(response, "agent_email")[0]


@pytest.mark.req("R049")
@pytest.mark.parametrize("role", ["auditor", "administrator", "registration reviewer"])
def test_only_privacy_officers_enter_requests(client, make_staff, role):
    client.force_login(make_staff(role))

    assert client.get(URL).status_code == 403
    assert client.post(URL, entry()).status_code == 403


@pytest.mark.req("R100", "R101")
def test_who_wrote_a_letter_gets_the_link_to_where_it_stands_and_no_word_of_a_log_in(client, officer, make_message):
    client.post(URL, entry(email="mori@elsewhere.example", language="en"))
    asked = Request.objects.get()

    said = make_message("request_received")
    assert links.request_url(asked) in said
    assert "by letter, by telephone or at the counter" in said
    assert "signed in" not in said

    requests.ask_completion(asked, "Which of your businesses?", by=officer)
    assert links.request_url(asked) in make_message("request_letter")


@pytest.fixture
def make_message():
    """The text of the newest message of a template, as it will be read."""

    def write(template):
        message = Message.objects.filter(template=f"privacy/emails/{template}").latest("pk")
        return compose(message, Address("mori@elsewhere.example", "en")).body

    return write
