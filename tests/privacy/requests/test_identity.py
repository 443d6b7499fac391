"""Requests without a log-in: received at once, proven by a code, and harmless to whoever did not send them."""

import io
import re
import uuid
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inquiries.models import Inquiry
from outbox.addresses import unseal
from outbox.models import Message
from privacy import contacts, declarations, links, packages, requests
from privacy.acting import PORTAL, acting_as
from privacy.models import Package, Request, RequestEvent, RequestState, Step
from privacy.purposes import Purpose
from privacy.requests import agents, effects, identity
from privacy.requests.reasons import Identity
from tests.factories import OperatorFactory, make_member

STRANGER = "hanako@elsewhere.example"


@pytest.fixture(autouse=True)
def _as_the_portal(db):
    with acting_as(duty=PORTAL):
        yield


def answers(**changed):
    given = {"kind": "access", "text": "", "name": "Hanako", "email": STRANGER, "is_in_europe": "no"}
    return given | {"form_key": str(uuid.uuid4())} | changed


def ask(client, **changed):
    """Returns the answer to the form, and its request."""
    response = client.post(reverse("privacy:ask"), answers(**changed))
    return response, Request.objects.order_by("-pk").first()


def mailed(template):
    """The context of the newest message made from that template."""
    return Message.objects.filter(template=f"privacy/emails/{template}").order_by("-pk").first().context


def mailed_to(address):
    """The code that waits for that address."""
    codes = Message.objects.filter(template="privacy/emails/request_code")
    return next(mail.context["code"] for mail in codes if unseal(mail.sealed_to).email == address)


def type_code(client, page, code=None):
    return client.post(page, {"code": code or mailed("request_code")["code"]}, follow=True)


@pytest.mark.req("R090", "R100", "R102")
@pytest.mark.parametrize(("is_in_europe", "laws"), [("yes", ["appi", "gdpr"]), ("no", ["appi"])])
def test_a_request_is_received_at_once_under_the_laws_that_hold_for_it(client, is_in_europe, laws):
    response, asked = ask(client, is_in_europe=is_in_europe)

    assert response.url == reverse("privacy:ask-code", args=[asked.code.ref])
    assert (asked.channel, asked.email, asked.language, asked.regimes) == ("form", STRANGER, "en", laws)
    assert list(asked.events.order_by("pk").values_list("step", flat=True)) == [Step.RECEIVED, Step.CODE_SENT]


@pytest.mark.req("R100")
def test_a_form_that_is_sent_twice_makes_one_request(client):
    key = str(uuid.uuid4())

    first, _asked = ask(client, form_key=key)
    second, _asked = ask(client, form_key=key)

    assert first.url == second.url
    assert Request.objects.count() == 1


@pytest.mark.req("R090", "R099", "R100")
@pytest.mark.parametrize("changed", [{"kind": "erasure"}, {"text": "And this"}, {"email": "jiro@elsewhere.example"}])
def test_what_is_changed_on_a_page_that_was_gone_back_to_is_a_request_of_its_own(client, changed):
    key = str(uuid.uuid4())
    first, _asked = ask(client, form_key=key)

    second, asked = ask(client, form_key=key, **changed)
    again, _asked = ask(client, form_key=key, **changed)

    assert Request.objects.count() == 2
    assert again.url == second.url
    assert second.url != first.url
    assert STRANGER in client.get(first.url).content.decode()
    assert asked.email in client.get(second.url).content.decode()


@pytest.mark.req("R099", "R100")
def test_the_code_proves_the_address_of_a_stranger_and_who_asks_stays_to_be_judged(client, make_staff):
    officer = make_staff("privacy officer")
    response, asked = ask(client)

    page = type_code(client, response.url).content.decode()

    assert asked.number in page
    assert asked.newest.step == Step.ADDRESS_PROVEN
    assert asked.newest.state == RequestState.RECEIVED
    requests.settle_identity(asked, Identity.UNDOUBTED, by=officer)


@pytest.mark.req("R099", "R100")
def test_the_code_at_the_registered_address_settles_who_asks(client):
    person = make_member()
    response, asked = ask(client, email=person.email.upper())

    type_code(client, response.url)

    asked.refresh_from_db()
    assert asked.subject == person.subject
    assert asked.newest.step == Step.IDENTITY_SETTLED
    assert asked.newest.codes == [Identity.CODE]


@pytest.mark.req("R099")
@pytest.mark.parametrize("left_in", ["a letter", "a business"])
def test_an_address_that_the_person_has_left_behind_does_not_open_their_account(client, left_in):
    person, former = make_member(), "moved@before.example"
    if left_in == "a letter":
        Inquiry.objects.create(
            number="T-1", kind="other", subject=person.subject, name="Hanako", email=former, language="en",
            is_address_confirmed=True, due_on=timezone.localdate(),
        )  # fmt: skip
    else:
        OperatorFactory(contact=person.subject, contact_email=former)
    assert declarations.subject_with(former) == person.subject_id
    response, asked = ask(client, email=former)

    type_code(client, response.url)

    asked.refresh_from_db()
    assert asked.subject != person.subject
    assert asked.newest.step == Step.ADDRESS_PROVEN


@pytest.mark.req("R099")
def test_the_link_ends_when_the_account_has_another_address(client):
    person = make_member()
    response, asked = ask(client, email=person.email)
    type_code(client, response.url)
    link = urlsplit(links.request_url(asked)).path
    assert client.get(link).status_code == 200

    person.email = "moved@after.example"
    person.save()

    assert client.get(link).status_code == 404
    assert client.post(link, {"send": "1"}).status_code == 404


@pytest.mark.req("R099")
def test_pages_and_mails_do_not_tell_whether_the_address_is_known(client):
    person = make_member()
    seen = []
    for address in (STRANGER, person.email):
        response, asked = ask(client, email=address)
        texts = [client.get(response.url).content.decode(), type_code(client, response.url).content.decode()]
        mails = Message.objects.filter(template__in=["privacy/emails/request_code", "privacy/emails/request_confirmed"])
        sent = sorted((mail.template, mail.purpose, *sorted(mail.context)) for mail in mails)
        mails.delete()
        texts = [re.sub("csrfmiddlewaretoken[^>]*", "", text) for text in texts]
        for word in (address, asked.number, str(asked.code.ref)):
            texts = [text.replace(word, "…") for text in texts]
        seen.append((texts, sent))

    assert seen[0] == seen[1]


@pytest.mark.req("R095", "R099")
def test_a_stranger_restricts_nobody_and_the_person_does_once_the_code_is_typed(client):
    person = make_member()
    response, asked = ask(client, kind="restriction", email=person.email)

    type_code(client, response.url, "AAAA-AAAA")
    assert not effects.is_restricted(person.subject)
    assert asked.subject != person.subject

    type_code(client, response.url)
    assert effects.is_restricted(person.subject)


@pytest.mark.req("R100")
def test_a_wrong_code_is_said_kept_and_counted(client):
    response, _asked = ask(client)
    right = mailed("request_code")["code"]

    page = type_code(client, response.url, "AAAA-AAAA").content.decode()
    assert "That code is wrong or has expired." in page
    assert "AAAA-AAAA" in page

    for _try in range(4):
        type_code(client, response.url, "AAAA-AAAA")
    assert "That code is wrong or has expired." in type_code(client, response.url, right).content.decode()

    client.post(response.url, {"resend": "1"})
    assert "Your request has arrived" in type_code(client, response.url).content.decode()


@pytest.mark.req("R100")
def test_a_code_ends_after_a_quarter_of_an_hour(client):
    response, asked = ask(client)
    asked.code.expires_at = timezone.now()
    asked.code.save()

    assert "That code is wrong or has expired." in type_code(client, response.url).content.decode()


@pytest.mark.req("R100")
def test_over_the_limit_nothing_is_stored_and_the_other_ways_are_said(client, settings):
    for _form in range(4):
        ask(client)

    response, _asked = ask(client, text="My fifth")

    page = response.content.decode()
    assert response.status_code == 429
    assert settings.SECRETARIAT_ADDRESS["en"] in page
    assert settings.SECRETARIAT_TELEPHONE in page
    assert "My fifth" in page
    assert Request.objects.count() == 4


@pytest.mark.req("R090", "R100", "R151")
def test_a_flood_from_one_network_stops_and_what_came_before_it_keeps_its_day(client):
    """PR7. A header that anybody can write makes no other network."""
    for number in range(20):
        ask(client, email=f"flood{number}@elsewhere.example")
    first = Request.objects.earliest("pk")
    day = first.newest.due_on

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        response = client.post(
            reverse("privacy:ask"), answers(email="next@elsewhere.example"), headers={"x-forwarded-for": "192.0.2.9"}
        )
        assert response.status_code == 429
        assert "nothing was sent" in response.content.decode()
        elsewhere = client.post(
            reverse("privacy:ask"), answers(email="next@elsewhere.example"), REMOTE_ADDR="198.51.100.7"
        )
        assert elsewhere.status_code == 302
        type_code(client, reverse("privacy:ask-code", args=[first.code.ref]), mailed_to("flood0@elsewhere.example"))

    assert first.newest.step == Step.ADDRESS_PROVEN
    assert first.newest.due_on == day
    assert Request.objects.count() == 21


@pytest.mark.req("R100")
def test_what_nobody_confirmed_for_a_week_is_given_up(client, capsys):
    _response, asked = ask(client)
    fresh = ask(client)[1]
    in_a_week = timezone.now() - timedelta(days=8)
    # Steps cannot be rewritten: these two are of a request that is as old as that.
    old = Request.objects.create(
        subject=asked.subject, kind="access", channel="form", regimes=["appi"], language="en", email=STRANGER
    )
    for step, state in (("received", "received"), ("code sent", "identity")):
        RequestEvent.objects.create(
            request=old, step=step, state=state, at=in_a_week, due_on=in_a_week, internal_on=in_a_week, governed_by="-"
        )

    call_command("abandon_unconfirmed", "--dry-run")
    assert old.newest.state == RequestState.IDENTITY
    call_command("abandon_unconfirmed")
    call_command("abandon_unconfirmed")

    assert capsys.readouterr().out.split("\n")[:3] == [
        "1 requests would be given up",
        "1 requests given up",
        "0 requests given up",
    ]
    assert old.newest.state == RequestState.ABANDONED
    assert fresh.newest.state == RequestState.IDENTITY
    assert not old.letters.exists()


@pytest.mark.req("R100")
def test_letters_reach_an_asker_without_account_at_the_proven_address_only(client):
    response, asked = ask(client)
    assert contacts.contact_of(asked.subject.ref, Purpose.RIGHTS) is None

    type_code(client, response.url)

    assert contacts.contact_of(asked.subject.ref, Purpose.RIGHTS).address == STRANGER
    assert contacts.contact_of(asked.subject.ref, Purpose.INQUIRIES) is None


# ---- the page of a request, by its link ----


@pytest.fixture
def link(client):
    """The path of the page of a proven request."""
    response, _asked = ask(client)
    type_code(client, response.url)
    return urlsplit(mailed("request_confirmed")["link"]).path


@pytest.fixture
def copy(link, make_staff):
    """A copy that waits for the person."""
    asked = Request.objects.get()
    officer = make_staff("privacy officer")
    requests.settle_identity(asked, Identity.UNDOUBTED, by=officer)
    requests.begin_review(asked, by=officer)
    requests.decide(asked, "granted", by=officer)
    package = asked.packages.get()
    assert packages.build(package.pk)
    return package


@pytest.mark.req("R100")
def test_the_link_shows_where_the_request_stands_and_takes_it_back(client, link):
    asked = Request.objects.get()

    response = client.get(link)
    assert asked.number in response.content.decode()
    assert "no-store" in response["Cache-Control"]

    client.post(link, {"withdraw": "1"})
    assert asked.newest.state == RequestState.WITHDRAWN


@pytest.mark.req("R099")
@pytest.mark.parametrize("is_member", [True, False])
def test_letters_to_who_has_an_account_are_read_after_log_in_and_not_by_the_link(client, make_staff, is_member):
    email = make_member().email if is_member else STRANGER
    response, asked = ask(client, kind="rectification", email=email)
    type_code(client, response.url)
    asked.refresh_from_db()
    requests.ask_completion(asked, "Which of your two numbers is wrong?", by=make_staff("privacy officer"))

    page = client.get(urlsplit(mailed("request_confirmed")["link"]).path).content.decode()

    assert ("Which of your two numbers" in page) is not is_member
    assert (reverse("privacy:request", args=[asked.ref]) in page) is is_member


@pytest.mark.req("R099")
def test_a_guessed_or_altered_link_leads_nowhere(client, link):
    _response, unproven = ask(client)
    for path in (link[:-2] + "x/", reverse("privacy:asked", args=[unproven.ref.hex])):
        assert client.get(path).status_code == 404
        assert client.post(path, {"withdraw": "1"}).status_code == 404
    assert client.get(urlsplit(links.request_url(unproven)).path).status_code == 404


@pytest.mark.req("R092", "R099")
def test_a_copy_is_given_out_for_the_link_and_a_fresh_code_once(client, link, copy):
    used = mailed("request_code")["code"]
    fetch = {"fetch": str(copy.ref)}
    assert client.post(link, fetch | {"code": used})["Content-Type"].startswith("text/html")
    client.post(link, {"send": "1"})
    code = mailed("request_code")["code"]

    response = client.post(link, fetch | {"code": code})
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert any(STRANGER.encode() in archive.read(name) for name in archive.namelist())

    stranger = Client()
    stranger.post(link, {"send": "1"})
    again = stranger.post(link, fetch | {"code": mailed("request_code")["code"]})
    assert again.status_code == 410
    assert Package.objects.get().fetched_at


@pytest.mark.req("R092")
def test_a_download_by_the_link_that_broke_off_begins_again_in_the_same_browser_for_an_hour(client, link, copy):
    fetch = {"fetch": str(copy.ref)}
    client.post(link, {"send": "1"})
    first = client.post(link, fetch | {"code": mailed("request_code")["code"]})

    assert "in this browser" in client.get(link).content.decode()
    assert client.post(link, fetch).content == first.content

    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert client.post(link, fetch).status_code == 410
        assert "given out once only" in client.get(link).content.decode()


def test_each_copy_on_the_page_has_a_field_of_its_own(client, link, copy):
    other = packages.ask(copy.subject, "portability", request=copy.request)
    packages.build(other.pk)

    page = client.get(link).content.decode()

    assert sorted(re.findall(r'id="(id_[0-9]+_code)"', page)) == sorted(f"id_{one.pk}_code" for one in (copy, other))


@pytest.mark.req("R099")
def test_a_copy_of_somebody_else_is_not_found_by_ones_own_link(client, link):
    other = make_member()
    package = Package.objects.create(subject=other.subject, form="access")

    for ref in (package.ref, "nonsense"):
        assert client.post(link, {"fetch": str(ref), "code": "AAAA-AAAA"}).status_code == 404
    assert identity.read("nonsense") is None


@pytest.mark.req("R091")
def test_a_link_of_an_agent_ends_with_the_mandate(client, make_staff):
    principal, agent = make_member(), make_member()
    mandate = agents.propose(
        principal.subject,
        agent.subject,
        name="Agent",
        email="agent@law.example",
        kind="voluntary",
        scope=["access"],
        valid_until=timezone.now() + timedelta(days=30),
        by=None,
    )
    agents.confirm(mandate)
    agents.acknowledge(mandate, by=make_staff("privacy officer"))
    asked, _is_new = requests.receive(principal.subject, "access", "", by=None, channel="paper", mandate=mandate)
    link = urlsplit(links.request_url(asked)).path
    assert client.get(link).status_code == 200

    agents.revoke(mandate)

    assert client.get(link).status_code == 404


@pytest.mark.req("R099", "R100")
def test_a_mistyped_address_is_corrected_and_the_day_of_receipt_stays(client):
    response, asked = ask(client, email="hanako@elsewhere.exampel", text="All of it")
    old = mailed("request_code")["code"]

    corrected = client.post(response.url, {"correct": "1", "email": " Hanako@Elsewhere.example "})
    assert corrected.url == response.url
    assert mailed_to(STRANGER) != old
    assert type_code(client, response.url, old).status_code == 200
    assert not identity.is_proven(asked)

    type_code(client, response.url, mailed_to(STRANGER))

    proven = Request.objects.get()
    assert (proven.email, proven.text, proven.received_at) == (STRANGER, "All of it", asked.received_at)
    assert identity.is_proven(proven)
    client.post(response.url, {"correct": "1", "email": "other@elsewhere.example"})
    assert Request.objects.get().email == STRANGER


def test_an_address_that_is_none_keeps_the_page_and_says_so(client):
    response, _asked = ask(client)

    page = client.post(response.url, {"correct": "1", "email": "hanako"})

    assert page.context["address_form"].errors["email"]
    assert 'value="hanako"' in page.content.decode()
    assert Request.objects.get().email == STRANGER


def test_nobody_sends_codes_everywhere_by_correcting_again_and_again(client):
    response, _asked = ask(client)

    answers = [client.post(response.url, {"correct": "1", "email": f"x{n}@elsewhere.example"}) for n in range(25)]

    assert (
        answers[-1].status_code == 429
        or "No more codes" in answers[-1].content.decode()
        or ("ask anew" in answers[-1].content.decode())
    )
    assert Message.objects.filter(template="privacy/emails/request_code").count() <= 21
