"""What the principal, the agent and strangers can do to a mandate: by the link in the mail, and in their own pages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from privacy import requests
from privacy.models import Channel, Mandate
from privacy.requests import agents, answers
from tests.factories import SubjectFactory, make_member

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


@pytest.fixture
def principal(db):
    return make_member()


def propose(principal, officer, kind="voluntary", scope=("access",), **given):
    return agents.propose(
        principal.subject,
        given.get("agent") or SubjectFactory(),
        name="Ren Aoki",
        email="agent@law.example",
        kind=kind,
        scope=scope,
        valid_until=timezone.now() + 30 * DAY,
        by=officer,
    )


@pytest.fixture
def mandate(principal, officer):
    return propose(principal, officer)


@pytest.fixture
def acknowledged(mandate, officer):
    agents.confirm(mandate)
    return agents.acknowledge(mandate, by=officer)


def link(mandate):
    return reverse("privacy:mandate-by-link", args=[agents.SIGNER.sign(mandate.ref.hex)])


def answered_at(mandate, principal, kind="access"):
    """Where a letter about a request of `kind` under this mandate would go."""
    asked, _is_new = requests.receive(
        principal.subject, kind, "", by=None, channel=Channel.PAPER, mandate=mandate, email="agent@law.example"
    )
    to = answers.addressee(asked)
    return to.email if hasattr(to, "email") else to


@pytest.mark.req("R091", "L08")
def test_answers_go_to_the_agent_within_the_scope_and_to_the_person_outside_of_it(acknowledged, principal):
    assert answered_at(acknowledged, principal, "access") == "agent@law.example"
    assert answered_at(acknowledged, principal, "erasure") == principal.subject


@pytest.mark.req("R091")
@pytest.mark.parametrize("end", ["revoke", "run out"])
def test_from_the_moment_a_mandate_ends_the_agent_is_answered_no_more(acknowledged, principal, end):
    if end == "revoke":
        agents.revoke(acknowledged, by=principal)
    else:
        Mandate.objects.filter(pk=acknowledged.pk).update(valid_until=timezone.now())

    assert answered_at(acknowledged, principal) == principal.subject
    assert agents.requests_for(acknowledged.agent, timezone.now()) == []


@pytest.mark.req("R091")
def test_a_mandate_of_one_person_does_not_open_the_data_of_another(acknowledged):
    stranger = make_member()

    assert answered_at(acknowledged, stranger) == stranger.subject


@pytest.mark.req("R091", "L08")
def test_the_person_is_asked_by_mail_and_who_is_represented_by_law_is_not(principal, officer):
    propose(principal, officer, kind="legal")
    assert not Message.objects.filter(template="privacy/emails/mandate").exists()

    propose(principal, officer, kind="voluntary")
    message = Message.objects.get(template="privacy/emails/mandate")
    assert message.to_ref == principal.subject.ref


@pytest.mark.req("R091")
def test_opening_the_link_changes_nothing_and_its_button_does(client, mandate):
    assert client.get(link(mandate)).status_code == 200
    mandate.refresh_from_db()
    assert (mandate.confirmed_at, mandate.denied_at) == (None, None)

    client.post(link(mandate), {"act": "confirm"})
    mandate.refresh_from_db()
    confirmed_at = mandate.confirmed_at
    assert confirmed_at

    # Once confirmed, the same link does not deny or confirm again, but revokes.
    client.post(link(mandate), {"act": "deny"})
    client.post(link(mandate), {"act": "confirm"})
    client.post(link(mandate), {"act": "revoke"})
    mandate.refresh_from_db()
    assert (mandate.confirmed_at, mandate.denied_at) == (confirmed_at, None)
    assert mandate.revoked_at


@pytest.mark.req("R091")
def test_a_denied_mandate_is_never_acknowledged(client, mandate, officer):
    client.post(link(mandate), {"act": "deny"})

    with pytest.raises(ValidationError, match="has ended already"):
        agents.acknowledge(mandate, by=officer)


@pytest.mark.req("R091")
@pytest.mark.parametrize("act", ["acknowledge", "refuse", "", "nothing"])
def test_the_link_does_nothing_that_is_an_officers(client, mandate, act):
    assert client.post(link(mandate), {"act": act}).status_code == 404

    mandate.refresh_from_db()
    assert (mandate.acknowledged_at, mandate.refused_at, mandate.confirmed_at) == (None, None, None)


def test_a_link_that_was_altered_leads_to_no_mandate(client, mandate):
    path = link(mandate)
    altered = path[:-2] + ("A" if path[-2] != "A" else "B") + "/"

    assert client.get(altered).status_code == 404
    assert client.post(altered, {"act": "confirm"}).status_code == 404
    mandate.refresh_from_db()
    assert mandate.confirmed_at is None


@pytest.mark.req("R091")
@pytest.mark.parametrize("part", ["principal", "agent"])
def test_nobody_decides_about_a_mandate_in_which_they_stand(principal, officer, make_staff, part):
    concerned = make_staff("privacy officer")
    mandate = (
        propose(concerned, officer, kind="legal")
        if part == "principal"
        else propose(principal, officer, kind="legal", agent=concerned.subject)
    )

    with pytest.raises(ValidationError, match="their own mandate"):
        agents.acknowledge(mandate, by=concerned)


@pytest.mark.req("R091")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda person: {"scope": ()}, "may ask for"),
        (lambda person: {"agent": person.subject}, "their own agent"),
    ],
)
def test_a_mandate_for_nothing_or_of_oneself_is_refused(principal, officer, given, words):
    with pytest.raises(ValidationError, match=words):
        propose(principal, officer, **given(principal))


@pytest.mark.req("R091")
def test_the_person_revokes_in_the_privacy_centre_and_nobody_else_can(client, acknowledged, principal):
    url = reverse("privacy:mandate-act", args=[acknowledged.ref, "revoke"])
    client.force_login(make_member())
    assert client.post(url).status_code == 404

    client.force_login(principal)
    assert "Ren Aoki" in client.get(reverse("privacy:agents")).content.decode()
    client.post(url)

    acknowledged.refresh_from_db()
    assert acknowledged.revoked_at


@pytest.mark.req("R091", "R100")
def test_an_agent_sees_only_what_their_own_mandate_covers(client, principal, officer):
    one, other = make_member(), make_member()
    seen = {}
    for agent, kind in ((one, "access"), (other, "erasure")):
        mandate = propose(principal, officer, scope=[kind], agent=agent.subject)
        agents.confirm(mandate)
        agents.acknowledge(mandate, by=officer)
        seen[agent], _is_new = requests.receive(
            principal.subject, kind, "", by=None, channel=Channel.PAPER, mandate=mandate
        )

    for agent, stranger in ((one, other), (other, one)):
        client.force_login(agent)
        page = client.get(reverse("privacy:agents")).content.decode()
        assert seen[agent].number in page
        assert seen[stranger].number not in page
        assert "Ren Aoki" not in page
