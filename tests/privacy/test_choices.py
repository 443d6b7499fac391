"""Saying yes and no: in the privacy centre, and by the link in a mail (R005, R063, R098; GDPR Art. 7(3), 21)."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from privacy import consent, gate, ledger, links
from privacy.models import LedgerEvent, Matter, Recipient, State, Topic
from privacy.purposes import Purpose
from privacy.views import choices
from tests.factories import SubjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def topic():
    return Topic.objects.filter(purpose=Purpose.NEWSLETTER, is_offered=True).first()


@pytest.fixture
def recipient():
    return Recipient.objects.first()


def events(subject, *matters):
    """[(matter, state)] of what the person said, the first first."""
    said = LedgerEvent.objects.filter(subject_ref=subject.ref, matter__in=matters or Matter.values).order_by("seq")
    return list(said.exclude(matter=Matter.POLICY).values_list("matter", "state"))


def press(client, name, **form):
    with translation.override("en"):
        return client.post(reverse(f"privacy:{name}"), form)


# ---- in the centre ----


@pytest.mark.req("L01", "R005", "R098")
def test_yes_and_no_are_one_button_each(client, person, topic):
    client.force_login(person)
    form = {"purpose": Purpose.NEWSLETTER, "topic": topic.code}

    for name in ("consent-give", "consent-give", "consent-withdraw", "consent-withdraw"):
        answer = press(client, name, **form)
        assert (answer.status_code, answer["Location"]) == (302, "/en/privacy-centre/")

    assert events(person.subject) == [("consent", "given"), ("consent", "withdrawn")]


@pytest.mark.req("L01", "R098")
def test_no_takes_as_many_clicks_as_yes(client, person, topic):
    client.force_login(person)

    def buttons():
        page = client.get("/en/privacy-centre/").content.decode()
        forms = [form.partition("</form>")[0] for form in page.split("<form")[1:]]
        about = [form for form in forms if f'name="topic" value="{topic.code}"' in form and "/consent/" in form]
        return [(form.count("<button"), form.partition('action="')[2].partition('"')[0]) for form in about]

    before = buttons()
    press(client, "consent-give", purpose=Purpose.NEWSLETTER, topic=topic.code)

    assert before == [(1, "/en/privacy-centre/consent/give/")]
    assert buttons() == [(1, "/en/privacy-centre/consent/withdraw/")]


@pytest.mark.req("R063", "R096")
def test_objecting_and_withholding_are_one_button_each(client, person, recipient):
    client.force_login(person)

    for name in ("objection-make", "objection-take-back"):
        press(client, name, purpose=Purpose.STATISTICS)
    for name in ("opt-out", "opt-in"):
        press(client, name, topic=recipient.code)

    assert events(person.subject) == [
        ("objection", "made"),
        ("objection", "lifted"),
        ("opt-out", "made"),
        ("opt-out", "lifted"),
    ]


@pytest.mark.req("L01", "R005")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_event_proves_what_stood_beside_the_button(client, person, topic, language):
    client.force_login(person)

    client.post(f"/{language}/privacy-centre/consent/give/", {"purpose": Purpose.NEWSLETTER, "topic": topic.code})

    event = LedgerEvent.objects.get(subject_ref=person.ref, matter=Matter.CONSENT)
    served = f"{topic.name(language)}\n{topic.description(language)}"
    assert event.language == language
    assert event.proof["surface"] == "privacy:consent-give"
    assert event.proof["control"] == "consent-give"
    assert event.proof["served"] == ledger.fingerprint(served)
    assert len(event.proof["request"]) == 32


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("consent-give", {}),
        ("consent-give", {"purpose": "nonsense"}),
        ("consent-give", {"purpose": Purpose.REGISTRATION}),
        ("consent-give", {"purpose": Purpose.NEWSLETTER}),
        ("consent-give", {"purpose": Purpose.NEWSLETTER, "topic": "nonsense"}),
        ("consent-withdraw", {"purpose": Purpose.STATISTICS}),
        ("objection-make", {"purpose": Purpose.ACCOUNT}),
        ("objection-make", {"purpose": Purpose.STATISTICS, "topic": "nonsense"}),
        ("opt-out", {}),
        ("opt-in", {"topic": "nonsense"}),
    ],
)
def test_what_nobody_is_asked_is_not_written_down(client, person, name, form):
    client.force_login(person)

    assert press(client, name, **form).status_code == 404
    assert events(person.subject) == []


def test_a_topic_of_another_purpose_is_none(client, person):
    client.force_login(person)
    other = Topic.objects.exclude(purpose=Purpose.NEWSLETTER).first()

    assert press(client, "consent-give", purpose=Purpose.NEWSLETTER, topic=other.code).status_code == 404


@pytest.mark.req("R098")
def test_a_topic_that_is_no_longer_offered_can_only_be_ended(client, person, topic):
    consent.give(person.subject, Purpose.NEWSLETTER, topic.code)
    Topic.objects.update(is_offered=False)
    client.force_login(person)
    form = {"purpose": Purpose.NEWSLETTER, "topic": topic.code}

    assert press(client, "consent-withdraw", **form).status_code == 302
    assert press(client, "consent-give", **form).status_code == 404
    assert events(person.subject) == [("consent", "given"), ("consent", "withdrawn")]


@pytest.mark.req("R005")
def test_nothing_is_taken_back_that_was_never_said(client, person, topic, recipient):
    client.force_login(person)

    press(client, "consent-withdraw", purpose=Purpose.NEWSLETTER, topic=topic.code)
    press(client, "objection-take-back", purpose=Purpose.STATISTICS)
    press(client, "opt-in", topic=recipient.code)
    client.post(path(person.subject, Purpose.NEWSLETTER, topic.code))

    assert events(person.subject) == []


def test_opening_the_address_of_a_button_does_nothing(client, person):
    client.force_login(person)

    for name in ("consent-give", "consent-withdraw", "objection-make", "objection-take-back", "opt-out", "opt-in"):
        assert client.get(reverse(f"privacy:{name}")).status_code == 405


@pytest.mark.req("L01")
def test_nobody_fills_the_ledger_by_clicking(client, person, topic, monkeypatch):
    monkeypatch.setitem(choices.LIMITS, "choose", "2/h/user")
    client.force_login(person)
    form = {"purpose": Purpose.NEWSLETTER, "topic": topic.code}

    statuses = [
        press(client, name, **form).status_code for name in ("consent-give", "consent-withdraw", "consent-give")
    ]

    assert statuses == [302, 302, 429]
    assert len(events(person.subject)) == 2


# ---- by the link in a mail ----


@pytest.fixture
def agreed(topic):
    subject = SubjectFactory()
    consent.give(subject, Purpose.NEWSLETTER, topic.code)
    return subject


def path(*arguments, **kwargs):
    url = links.withdrawal_url(*arguments, **kwargs)
    assert url.startswith("http://localhost:8000/")
    return url.removeprefix("http://localhost:8000")


@pytest.mark.req("L01", "R098")
def test_one_button_behind_the_link_takes_consent_back(agreed, topic):
    address = path(agreed, Purpose.NEWSLETTER, topic.code)
    reader = Client(enforce_csrf_checks=True)

    page = reader.get(address)
    assert topic.name_en in page.content.decode()
    assert page.content.decode().count("<button") - base_buttons(reader) == 1
    done = reader.post(address)

    assert "We no longer write to you about this" in done.content.decode()
    assert events(agreed) == [("consent", "given"), ("consent", "withdrawn")]
    event = LedgerEvent.objects.filter(subject_ref=agreed.ref).first()
    assert (event.method, event.actor) == ("mail link", "self")
    assert event.proof["surface"] == "privacy:withdrawal"
    assert not gate.permitting(Purpose.NEWSLETTER, topic=topic.code).filter(pk=agreed.pk).exists()


def base_buttons(reader):
    return reader.get("/en/about/").content.decode().count("<button")


@pytest.mark.req("L01", "R098")
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_changes_nothing(client, agreed, topic, method):
    address = path(agreed, Purpose.NEWSLETTER, topic.code)

    for _time in range(3):
        answer = getattr(client, method)(address, headers={"User-Agent": "MailScanner"})
        assert (answer.status_code, answer.cookies) == (200, {})

    assert events(agreed) == [("consent", "given")]


@pytest.mark.req("L01", "R098")
def test_a_link_that_is_used_again_says_so_and_writes_nothing(client, agreed, topic):
    address = path(agreed, Purpose.NEWSLETTER, topic.code)
    client.post(address)
    before = list(LedgerEvent.objects.values_list())

    again = client.post(address)

    assert again.status_code == 200
    assert "It is stopped already" in again.content.decode()
    assert list(LedgerEvent.objects.values_list()) == before
    page = client.get(address).content.decode()
    assert "It is stopped already" in page
    # Who wants it again logs in.
    assert 'method="post"' not in page


@pytest.mark.req("R098")
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("part", ["first", "middle", "last", "cut", "other"])
def test_a_link_that_is_not_ours_gets_a_clear_answer(client, agreed, topic, language, part):
    address = path(agreed, Purpose.NEWSLETTER, topic.code, language=language)
    place = {"first": 9, "middle": len(address) // 2, "last": -3}.get(part)
    if place:
        address = address[:place] + ("A" if address[place] != "A" else "B") + address[place:][1:]
    elif part == "cut":
        address = address[:-6] + "/"
    else:
        address = f"/{language}/stop/nonsense/"

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 404
        assert answer.templates[0].name == "privacy/withdrawal_unknown.html"
    assert f'lang="{language}"' in answer.content.decode()
    assert events(agreed) == [("consent", "given")]


@pytest.mark.req("R098")
def test_a_link_without_a_topic_ends_all_of_the_purpose(client, agreed):
    others = Topic.objects.filter(purpose=Purpose.NEWSLETTER)
    for topic in others:
        consent.give(agreed, Purpose.NEWSLETTER, topic.code)

    client.post(path(agreed, Purpose.NEWSLETTER))

    states = {ledger.state_of(agreed.ref, Matter.CONSENT, Purpose.NEWSLETTER, topic.code).state for topic in others}
    assert states == {State.WITHDRAWN}


@pytest.mark.req("R044", "R096", "R098")
@pytest.mark.parametrize("whole", [True, False])
def test_a_link_about_a_use_without_consent_objects(client, whole):
    subject = SubjectFactory()
    topic = Topic.objects.filter(purpose=Purpose.CITY_INFORMATION).first()
    address = path(subject, Purpose.CITY_INFORMATION, "" if whole else topic.code)
    assert "you object" in client.get(address).content.decode()

    for _time in range(2):
        client.post(address)

    assert events(subject) == [("objection", "made")]
    assert "It is stopped already" in client.get(address).content.decode()
    assert not gate.permitting(Purpose.CITY_INFORMATION, topic=topic.code).filter(pk=subject.pk).exists()


def test_a_link_for_what_nobody_can_end_is_not_made():
    with pytest.raises(ValueError, match="neither agreed to nor objected to"):
        links.withdrawal_url(SubjectFactory(), Purpose.ACCOUNT)


@pytest.mark.req("R098")
def test_a_link_works_after_consent_was_given_again(client, agreed, topic):
    address = path(agreed, Purpose.NEWSLETTER, topic.code)
    client.post(address)
    consent.give(agreed, Purpose.NEWSLETTER, topic.code)

    client.post(address)

    assert [state for _matter, state in events(agreed)] == ["given", "withdrawn", "given", "withdrawn"]


@pytest.mark.req("R098")
@pytest.mark.parametrize("purpose", [Purpose.NEWSLETTER, Purpose.CITY_INFORMATION])
def test_the_link_of_somebody_whose_data_are_gone_says_that_nothing_is_sent(client, purpose):
    subject = SubjectFactory()
    address = path(subject, purpose)
    subject.delete()

    for answer in (client.get(address), client.post(address)):
        assert (answer.status_code, "It is stopped already" in answer.content.decode()) == (200, True)


def test_a_link_holds_no_more_than_a_number(agreed, topic):
    token = path(agreed, Purpose.NEWSLETTER, topic.code).split("/")[-2]

    assert token.rpartition(".")[0] == f"{agreed.ref.hex}.newsletter.{topic.code}"
