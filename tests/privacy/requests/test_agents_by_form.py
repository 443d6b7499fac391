"""An agent asks by the public form: nothing reaches the principal or their data before both have said that it may."""

import io
import uuid
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from outbox.addresses import unseal
from outbox.models import Message
from privacy import links, requests
from privacy.acting import PORTAL, acting_as
from privacy.declarations import declaration_of, subject_with
from privacy.models import Erasure, LedgerEvent, Mandate, Package, Request, Step
from privacy.requests import agents, effects, identity, papers
from privacy.requests.reasons import GROUNDS, Identity
from tests.factories import OperatorFactory, make_member

AGENT, NOBODY = "mother@elsewhere.example", "nobody@elsewhere.example"


@pytest.fixture(autouse=True)
def _as_the_portal(db, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with acting_as(duty=PORTAL):
        yield


@pytest.fixture
def principal(db):
    return make_member()


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


def answers(**changed):
    given = {
        "kind": "access",
        "text": "",
        "for_whom": "voluntary",
        "principal_name": "Hanako",
        "principal_email": NOBODY,
        "name": "Aoi Agent",
        "email": AGENT,
        "is_in_europe": "no",
        "form_key": str(uuid.uuid4()),
    }
    return given | changed


def ask(client, **changed):
    """Returns the page of the code and the request."""
    response = client.post(reverse("privacy:ask"), answers(**changed))
    assert response.status_code == 302, response.content.decode()
    return response.url, Request.objects.order_by("-pk").first()


def proven(client, **changed):
    """Returns the request, read afresh."""
    page, asked = ask(client, **changed)
    code = Message.objects.filter(template="privacy/emails/request_code").order_by("-pk").first().context["code"]
    assert "Your request has arrived" in client.post(page, {"code": code}, follow=True).content.decode()
    return Request.objects.get(pk=asked.pk)


def mailed(template):
    return Message.objects.filter(template=f"privacy/emails/{template}")


def acknowledge(asked, officer):
    mandate = asked.mandate
    if mandate.kind == "voluntary":
        agents.confirm(mandate)
    agents.acknowledge(mandate, by=officer)
    return Request.objects.get(pk=asked.pk)


@pytest.mark.req("R091", "R099", "L08")
@pytest.mark.parametrize("kind", ["legal", "voluntary"])
def test_until_the_agent_has_typed_the_code_nobody_else_is_looked_up_or_written_to(client, principal, officer, kind):
    _page, asked = ask(client, for_whom=kind, principal_email=principal.email)

    assert unseal(Message.objects.get().sealed_to).email == AGENT
    assert asked.mandate.subject != principal.subject
    assert asked.subject not in (asked.mandate.subject, principal.subject)
    with pytest.raises(ValidationError):
        acknowledge(asked, officer)


@pytest.mark.req("R091", "L08")
def test_who_acknowledges_a_mandate_waits_for_the_code_of_the_agent(client, officer):
    _page, asked = ask(client, for_whom="legal")

    with pytest.raises(ValidationError, match="has not confirmed their email address"):
        agents.acknowledge(asked.mandate, by=officer)


@pytest.mark.req("R091", "L08")
def test_once_the_code_is_typed_the_principal_is_asked_at_the_registered_address(client, principal, officer):
    asked = proven(client, principal_email=principal.email.upper())

    mandate = asked.mandate
    assert (mandate.subject, mandate.kind, mandate.scope) == (principal.subject, "voluntary", ["access"])
    assert (mandate.agent_name, mandate.agent_email) == ("Aoi Agent", AGENT)
    assert mailed("mandate").get().to_ref == principal.subject.ref
    assert mailed("request_waiting").get().to_ref == officer.subject.ref


@pytest.mark.req("R091", "L08")
def test_a_principal_whom_nobody_knows_is_asked_at_the_address_that_was_typed(client):
    proven(client)

    assert unseal(mailed("mandate").get().sealed_to).email == NOBODY


@pytest.mark.req("R091")
def test_who_is_represented_by_law_is_not_written_to(client, principal):
    proven(client, for_whom="legal", principal_email=principal.email)
    proven(client, for_whom="legal", principal_email="")

    assert not mailed("mandate").exists()


@pytest.mark.req("R099")
def test_nothing_tells_the_agent_whether_the_principal_is_known(client, principal, officer):
    seen = []
    for address in (NOBODY, principal.email):
        page, asked = ask(client, principal_email=address)
        before = client.get(page).content.decode()
        code = mailed("request_code").get().context["code"]
        after = client.post(page, {"code": code}, follow=True).content.decode()
        requests.ask_document(Request.objects.get(pk=asked.pk), by=officer)
        to_agent = [
            mail for mail in Message.objects.order_by("pk") if mail.sealed_to and unseal(mail.sealed_to).email == AGENT
        ]
        letter = mailed("request_letter").get().context["text"]
        sent = [(mail.template, mail.purpose, *sorted(mail.context)) for mail in to_agent]
        Message.objects.all().delete()
        texts = [before, after, letter]
        for word in (asked.number, str(asked.code.ref)):
            texts = [text.replace(word, "…") for text in texts]
        texts = [text for text in texts if "csrfmiddlewaretoken" not in text]
        assert all(address not in text for text in [before, after, letter])
        seen.append((texts, sent))

    assert seen[0] == seen[1]


@pytest.mark.req("R091", "R095", "L08")
@pytest.mark.parametrize("flaw", ["unproven", "unconfirmed", "unacknowledged", "denied", "refused", "revoked"])
@pytest.mark.parametrize("who", ["legal", "voluntary"])
@pytest.mark.parametrize("kind", ["access", "erasure", "restriction", "objection"])
def test_an_agents_request_reaches_nothing_before_it_is_acknowledged(client, principal, officer, kind, who, flaw):
    before = LedgerEvent.objects.count()
    start = ask(client, kind=kind, for_whom=who, principal_email=principal.email)[1] if flaw == "unproven" else None
    asked = start or proven(client, kind=kind, for_whom=who, principal_email=principal.email)
    match flaw:
        case "unacknowledged" if who == "voluntary":
            agents.confirm(asked.mandate)
        case "denied":
            agents.deny(asked.mandate)
        case "refused":
            agents.refuse(asked.mandate, by=officer, reason="No paper.")
        case "revoked":
            agents.revoke(asked.mandate)
    asked = Request.objects.get(pk=asked.pk)

    letter = requests.ask_document(asked, by=officer).letter
    requests.settle_identity(asked, Identity.UNDOUBTED, by=officer)
    requests.begin_review(asked, by=officer)
    with pytest.raises(ValidationError, match="does not cover this"):
        requests.decide(asked, "granted", grounds=GROUNDS.get(kind, [])[:1], uses=effects.uses_of(kind)[:1], by=officer)

    assert not effects.is_restricted(principal.subject)
    assert not principal.subject.requests.exists()
    assert LedgerEvent.objects.count() == before
    assert not Package.objects.exists()
    assert not Erasure.objects.exists()
    assert unseal(letter.message.sealed_to).email == AGENT
    assert not letter.message.context["link"]
    assert principal.email not in letter.text
    assert identity.read(urlsplit(links.request_url(asked)).path.split("/")[-2]) is None
    assert client.get(urlsplit(links.request_url(asked)).path).status_code == 404
    requests.withdraw(asked, by=officer)
    assert not effects.is_restricted(principal.subject)


@pytest.mark.req("R091", "R100", "L08")
@pytest.mark.parametrize("kind", ["legal", "voluntary"])
def test_once_acknowledged_the_request_is_the_principals_and_the_agent_is_answered(client, principal, officer, kind):
    asked = proven(client, for_whom=kind, principal_email=principal.email, kind="restriction")
    path = urlsplit(links.request_url(asked)).path

    asked = acknowledge(asked, officer)
    requests.settle_identity(asked, Identity.UNDOUBTED, by=officer)

    assert asked.subject == principal.subject
    assert effects.is_restricted(principal.subject)
    assert asked.number in client.get(path).content.decode()
    assert unseal(requests.ask_completion(asked, "Why?", by=officer).letter.message.sealed_to).email == AGENT

    agents.revoke(asked.mandate, by=principal)
    assert client.get(path).status_code == 404


@pytest.mark.req("R091", "R099")
def test_the_agent_sends_the_papers_of_the_mandate_before_it_is_acknowledged(client, officer):
    asked = proven(client, for_whom="legal")
    token = requests.ask_document(asked, by=officer).letter.message.context["paper"]

    assert papers.send(papers.read(token), io.BytesIO(b"%PDF-1.4")).request == asked
    agents.refuse(asked.mandate, by=officer, reason="The seal is missing.")
    assert papers.read(token) is None


@pytest.mark.req("R091", "R100")
def test_a_principal_gets_three_such_mails_a_day_whoever_asks(client, principal):
    for number in range(5):
        proven(client, principal_email=principal.email, email=f"agent{number}@elsewhere.example")

    assert mailed("mandate").count() == 3
    assert Mandate.objects.filter(subject=principal.subject).count() == 5


@pytest.mark.req("R091")
def test_who_has_both_addresses_is_not_told_that_they_are_one_person(client, principal):
    asked = proven(client, principal_email="me@elsewhere.example", email=principal.email)

    assert subject_with(principal.email) == asked.mandate.agent_id
    assert asked.mandate.subject_id != asked.mandate.agent_id


@pytest.mark.req("R091", "R099")
def test_an_agent_is_nobody_whose_address_this_once_was(client, principal):
    person, former = make_member(), "moved@before.example"
    OperatorFactory(contact=person.subject, contact_email=former)
    assert subject_with(former) == person.subject_id

    asked = proven(client, principal_email=principal.email, email=former)

    assert asked.mandate.subject == principal.subject
    assert asked.mandate.agent != person.subject


@pytest.mark.req("R091")
def test_the_mail_to_the_principal_holds_no_lines_and_no_link_of_who_asks(client, principal):
    proven(client, principal_email=principal.email, name="Aoi\n\nYour account\u2028is closed")
    assert mailed("mandate").get().context["name"] == "Aoi Your account is closed"

    for name in ("See https://evil.example", "See WWW.evil.example", "see evil.example/log-in"):
        page = client.post(reverse("privacy:ask"), answers(principal_email=principal.email, name=name))
        assert "Type a name, without a web address." in page.content.decode()


@pytest.mark.req("R099")
def test_a_corrected_address_is_the_agents_and_the_principals_stays(client):
    page, asked = ask(client)

    client.post(page, {"correct": "1", "email": "right@elsewhere.example"})

    asked = Request.objects.get(pk=asked.pk)
    assert (asked.mandate.agent_email, asked.email) == ("right@elsewhere.example", NOBODY)
    assert unseal(mailed("request_code").order_by("-pk").first().sealed_to).email == "right@elsewhere.example"


@pytest.mark.req("R110")
def test_what_an_agent_typed_of_a_person_is_found_with_that_person(client, principal):
    asked = proven(client, principal_email=principal.email)

    assert asked in declaration_of(Request).rows_of(principal.subject)


@pytest.mark.req("R100")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"principal_name": ""}, "gives both names"),
        ({"name": ""}, "gives both names"),
        ({"principal_email": AGENT}, "This is your own address"),
        ({"principal_email": ""}, "Without one, write to us"),
        ({"for_whom": ""}, "Choose for whom you ask"),
        ({"principal_email": "no address"}, "id_principal_email"),
    ],
)
def test_what_is_missing_of_an_agent_is_said_and_what_was_typed_is_kept(client, changed, words):
    page = client.post(reverse("privacy:ask"), answers(text="My very words") | changed).content.decode()

    assert words in page
    assert "My very words" in page
    assert not Request.objects.exists()
    for value in (answers() | changed).values():
        assert value in page or len(value) == 36


@pytest.mark.req("R091")
def test_officers_see_who_asks_for_whom(client, officer):
    asked = proven(client)
    client.force_login(officer)

    page = client.get(reverse("admin:privacy_request_change", args=[asked.pk])).content.decode()
    mandate = client.get(reverse("admin:privacy_mandate_change", args=[asked.mandate.pk])).content.decode()

    assert "Hanako" in page
    assert "Waits for the person’s confirmation" in page
    assert "Aoi Agent" in mandate
    assert AGENT in mandate
    assert asked.events.filter(step=Step.ADDRESS_PROVEN).exists()
