"""Agents: nobody is answered in a person's place but by a mandate that counts at that moment."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbox.addresses import unseal
from outbox.models import Message
from privacy import requests
from privacy.acting import PORTAL, acting_as
from privacy.models import AgentKind, Mandate, Outcome, RequestKind, Subject
from privacy.requests import agents, effects, identity, papers
from privacy.requests.reasons import Identity
from tests.at_once import at_once, names
from tests.factories import make_member

NOW = timezone.now()
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def principal(db):
    return make_member()


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


def propose(principal, *, kind="voluntary", scope=("access",)):
    return agents.propose(
        principal.subject,
        Subject.objects.create(language="en"),
        name="Aoi Agent",
        email="agent@elsewhere.example",
        kind=kind,
        scope=scope,
        valid_until=timezone.now() + 30 * DAY,
        by=None,
    )


def acknowledged(principal, officer):
    mandate = propose(principal)
    agents.confirm(mandate, by=principal)
    return agents.acknowledge(mandate, by=officer)


def asked_by(mandate, kind="access"):
    return requests.receive(mandate.subject, kind, "", by=None, mandate=mandate, channel="paper")[0]


# {field: ((values with which an agent may act), (values with which none may))}
MOMENTS = {
    "valid_until": ((NOW + INSTANT, NOW + DAY), (NOW, NOW - DAY)),
    "acknowledged_at": ((NOW, NOW - DAY), (NOW + INSTANT, None)),
    "confirmed_at": ((NOW, NOW - DAY), (None,)),
    "denied_at": ((None,), (NOW, NOW - DAY)),
    "revoked_at": ((None,), (NOW, NOW - DAY)),
}


@st.composite
def histories(draw):
    """The moments of a mandate. Most have one fault at most: of those with many, each fault hides the others."""
    first, second = draw(st.sampled_from([None, *MOMENTS])), draw(st.sampled_from([None, None, None, *MOMENTS]))
    return {name: draw(st.sampled_from(MOMENTS[name][name in (first, second)])) for name in MOMENTS}


@pytest.mark.req("R091", "L08")
@settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kind=st.sampled_from(AgentKind),
    asked=st.sampled_from(RequestKind),
    history=histories(),
    is_in_scope=st.sampled_from([True, True, True, False]),
    is_refused=st.booleans(),
)
def test_out_of_scope_expired_revoked_denied_or_undecided_gets_nothing_also_at_the_boundary(
    principal, officer, kind, asked, history, is_in_scope, is_refused
):
    others = [one for one in RequestKind if one != asked]
    is_refused = is_refused and history["acknowledged_at"] is None
    mandate = Mandate.objects.create(
        subject=principal.subject,
        agent=officer.subject,
        kind=kind,
        scope=[asked, others[0]] if is_in_scope else others,
        decided_by=officer,
        refused_at=NOW if is_refused else None,
        **history,
    )

    may = (
        is_in_scope
        and history["valid_until"] > NOW
        and history["acknowledged_at"] in (NOW - DAY, NOW)
        and history["denied_at"] is None
        and history["revoked_at"] is None
        and (kind == AgentKind.LEGAL or history["confirmed_at"] is not None)
    )
    assert agents.may_act(mandate, asked, NOW) == may


@pytest.mark.req("R091")
def test_an_officer_acknowledges_only_what_the_principal_confirmed(client, principal, officer):
    mandate = propose(principal)
    client.force_login(officer)
    url = reverse("admin:privacy_mandate_act", args=[mandate.pk, "acknowledge"])

    assert "has not confirmed it yet" in client.post(url).content.decode()
    agents.confirm(mandate)
    assert client.post(url).status_code == 302

    mandate.refresh_from_db()
    assert mandate.acknowledged_at
    assert mandate.decided_by == officer


def test_an_officer_says_why_they_refuse(client, principal, officer):
    mandate = propose(principal)
    client.force_login(officer)
    url = reverse("admin:privacy_mandate_act", args=[mandate.pk, "refuse"])

    assert client.post(url, {"reason": " "}).status_code == 200
    assert client.post(url, {"reason": "The signature is missing."}).status_code == 302

    mandate.refresh_from_db()
    assert (mandate.reason, mandate.decided_by) == ("The signature is missing.", officer)
    assert client.post(url, {"reason": "Again."}).status_code == 403


@pytest.mark.req("R091")
def test_letters_go_to_the_agent_only_while_the_mandate_counts(principal, officer):
    mandate = acknowledged(principal, officer)
    request = asked_by(mandate)

    first = requests.ask_document(request, by=officer).letter.message
    agents.revoke(mandate, by=principal)
    second = requests.ask_document(request, by=officer).letter.message

    assert unseal(first.sealed_to).email == "agent@elsewhere.example"
    assert second.to_ref == principal.subject.ref


@pytest.mark.req("R091")
@pytest.mark.parametrize("flaw", ["another kind", "undecided", "run out"])
def test_whose_mandate_does_not_count_reaches_nothing_and_the_person_is_written_to(principal, officer, flaw):
    mandate = propose(principal) if flaw == "undecided" else acknowledged(principal, officer)
    if flaw != "another kind":
        Mandate.objects.update(scope=["restriction"])
    if flaw == "run out":
        Mandate.objects.update(valid_until=timezone.now())
    request = asked_by(mandate, "restriction")

    requests.settle_identity(request, Identity.UNDOUBTED, by=officer)
    requests.begin_review(request, by=officer)

    assert not effects.is_restricted(principal.subject)
    with pytest.raises(ValidationError, match="does not cover this"):
        requests.decide(request, Outcome.GRANTED, grounds=["GDPR 18(1)(a)"], by=officer)
    assert requests.extend(request, ["complex"], by=officer).letter.message.to_ref == principal.subject.ref


def test_the_agent_sends_the_paper_by_the_link_in_their_letter(principal, officer):
    request = asked_by(acknowledged(principal, officer))

    message = requests.ask_document(request, by=officer).letter.message

    assert papers.read(message.context["paper"]) == request
    assert papers.send(request, io.BytesIO(b"%PDF-1.4")).request == request


def end(mandate, principal, how):
    if how == "revoked":
        agents.revoke(mandate, by=principal)
    else:
        Mandate.objects.update(valid_until=timezone.now())


@pytest.mark.req("R091", "R099")
@pytest.mark.parametrize("how", ["revoked", "run out"])
def test_the_link_for_the_paper_ends_with_the_mandate(principal, officer, how):
    mandate = acknowledged(principal, officer)
    request = asked_by(mandate)
    of_agent = requests.ask_document(request, by=officer).letter.message.context["paper"]

    end(mandate, principal, how)

    assert papers.read(of_agent) is None
    assert papers.read(papers.token(request)) == request


@pytest.mark.req("R091", "R099")
@pytest.mark.parametrize("how", ["revoked", "run out"])
def test_a_code_that_was_mailed_to_the_agent_ends_with_the_mandate(principal, officer, how):
    mandate = acknowledged(principal, officer)
    Mandate.objects.update(valid_until=timezone.now() + timedelta(minutes=5))
    request = asked_by(mandate)
    identity.send_code(identity.code_of(request))
    message = Message.objects.get(template="privacy/emails/request_code")
    assert unseal(message.sealed_to).email == "agent@elsewhere.example"

    if how == "revoked":
        end(mandate, principal, how)
    with time_machine.travel(timezone.now() + timedelta(minutes=5 if how == "run out" else 0), tick=False):
        is_right = identity.check(identity.code_of(request), message.context["code"])

    assert not is_right


@pytest.mark.req("R091")
@pytest.mark.usefixtures("committing_db")
class TestAtOnce:
    def both(self, one, other, mandate, **how):
        said = at_once(*(acting_as(duty=PORTAL)(act) for act in (one, other)), **how)
        mandate.refresh_from_db()
        return said

    def test_what_is_revoked_in_the_moment_of_its_acknowledgement_stays_revoked(self):
        person, officer = make_member(), make_member()
        mandate = agents.confirm(propose(person))

        self.both(
            lambda: agents.acknowledge(mandate, by=officer),
            lambda: agents.revoke(mandate, by=person),
            mandate,
        )

        assert mandate.revoked_at
        assert not agents.may_act(mandate, "access", timezone.now())

    def test_who_confirms_and_denies_at_once_has_said_one_of_the_two(self):
        mandate = propose(make_member())

        said = self.both(lambda: agents.confirm(mandate), lambda: agents.deny(mandate), mandate)

        assert names(said) == ["Mandate", "ValidationError"]
        assert (mandate.confirmed_at is None) != (mandate.denied_at is None)

    def test_without_the_lock_both_would_be_taken(self):
        mandate = propose(make_member())

        said = self.both(
            lambda: agents.confirm(mandate), lambda: agents.deny(mandate), mandate, look_first=True, locks=False
        )

        assert names(said) == ["Mandate", "Mandate"]
