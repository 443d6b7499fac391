"""The privacy centre: what is held, who saw it, what was chosen, what is asked."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Operator, OperatorPeople
from directory import services
from outbox.models import Message
from privacy import audit, consent, held, sights
from privacy.models import LedgerEvent, Matter, Recipient, Request, State
from privacy.purposes import Purpose
from tests.factories import PASSWORD, DomesticRegistrationFactory, ListingDraftFactory, UserFactory, make_member


@pytest.fixture
def person(db, client):
    person = make_member()
    client.force_login(person)
    return person


def page(client, name, *args, query=""):
    response = client.get(reverse(f"privacy:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.req("R044", "R045", "C11", "L01")
def test_a_topic_is_turned_on_and_off_with_one_button_each(client, person):
    consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")

    choices = {choice["topic"].code: choice for choice in client.get(reverse("privacy:centre")).context["topics"]}

    assert {code: choice["is_on"] for code, choice in choices.items()} == {
        "newsletter": True,
        "email-magazine": False,
        "city-activities": True,
    }
    assert {code: choice["needs_consent"] for code, choice in choices.items()} == {
        "newsletter": True,
        "email-magazine": True,
        "city-activities": False,
    }


@pytest.mark.req("R063", "R064")
def test_withholding_from_a_recipient_shows_and_says_what_still_goes(client, person):
    recipient = Recipient.objects.first()
    consent.opt_out(person.subject, recipient.code)

    shown = client.get(reverse("privacy:centre"))

    assert {choice["recipient"].code: choice["is_on"] for choice in shown.context["recipients"]} == {
        one.code: one.code != recipient.code for one in Recipient.objects.all()
    }
    assert "A minimum stays" in shown.content.decode()
    assert reverse("privacy:closing") in shown.content.decode()


@pytest.mark.req("R066")
def test_a_recipient_without_an_attestation_is_said_to_receive_nothing(client, person):
    recipient = Recipient.objects.first()
    Recipient.objects.filter(code=recipient.code).update(attested_on="2026-01-05")
    Recipient.objects.exclude(code=recipient.code).update(attested_on=None)

    shown = client.get(reverse("privacy:centre"))

    assert {choice["recipient"].code: choice["is_entitled"] for choice in shown.context["recipients"]} == {
        one.code: one.code == recipient.code for one in Recipient.objects.all()
    }
    text = shown.content.decode()
    assert text.count("Receives nothing so far") == Recipient.objects.count() - 1
    assert text.count("Receives what it needs") == 1


@pytest.mark.req("R092")
def test_what_the_owner_chose_to_show_is_told_in_words(client, person):
    Operator.objects.filter(pk=person.acting_for_id).update(shown_contact=["contact_name", "telephone"])

    text = page(client, "held")

    assert "Name of the person in charge, Telephone of the business" in text
    assert "contact_name, telephone" not in text


@pytest.mark.req("R092")
def test_everything_about_the_person_is_shown_and_nothing_of_others(client, person):
    people = OperatorPeople.objects.get(operator=person.acting_for)
    Operator.objects.filter(pk=person.acting_for_id).update(contact=person.subject)
    stranger = make_member()

    text = page(client, "held")

    assert person.email in text
    assert people.contact_name in text
    assert person.acting_for.business_name in text
    assert stranger.email not in text
    assert stranger.acting_for.business_name not in text


@pytest.mark.req("R092")
def test_who_follows_as_person_in_charge_is_not_shown_the_one_before(client, person):
    operator, before = person.acting_for, UserFactory(email="before@inn.example")
    sent = {"operator": operator, "created_by": before, "status": "approved", "submitted_at": timezone.now()}
    sent |= {"due_on": timezone.localdate()}
    DomesticRegistrationFactory(**sent, reference="TB-1", contact_name="Taro Predecessor", contact_email=before.email)
    DomesticRegistrationFactory(**sent, reference="TB-2", contact_name="Hanako Successor", contact_email=person.email)
    Operator.objects.filter(pk=operator.pk).update(contact=person.subject)
    OperatorPeople.objects.filter(operator=operator).update(contact_email=person.email)

    text = page(client, "held")

    assert "Hanako Successor" in text
    assert "Taro Predecessor" not in text
    assert before.email not in text


@pytest.mark.req("R092")
@pytest.mark.parametrize(("language", "category"), [("en", "Ryokan"), ("ja", "旅館")])
def test_what_is_published_is_told_in_the_words_of_the_reader(client, person, language, category):
    licence = {"kind": "travel-2", "authority": "東京都知事", "number": "2-1234"}
    Operator.objects.filter(pk=person.acting_for_id).update(licence_state="held", licences=[licence])
    services.publish(ListingDraftFactory(operator=Operator.objects.get(pk=person.acting_for_id)), by=person)

    response = client.get(f"/{language}/privacy-centre/held/")

    shown = {
        kind.declaration.model._meta.label: {label: text for label, text, _language in kind.records[0].shown}
        for kind in response.context["kinds"]
    }
    assert category in shown["directory.Listing"].values()
    assert "ACC-02" not in response.content.decode()


@pytest.mark.req("R092")
def test_the_file_holds_the_same_and_no_secret(client, person):
    data = json.loads(page(client, "held-file"))

    kinds = {kind["kind"]: kind["records"] for kind in data["kinds"]}
    assert kinds["accounts.user"][0]["email"] == person.email
    assert "password" not in kinds["accounts.user"][0]
    assert person.password not in json.dumps(data)
    assert set(kinds) == {kind.declaration.model._meta.label_lower for kind in held.of(person.subject)}


@pytest.mark.parametrize(("language", "words"), [("en", "Age: attested"), ("ja", "年齢: 申告済み")])
def test_a_line_of_the_ledger_is_named_in_the_words_of_the_reader(language, words):
    event = LedgerEvent(seq=7, matter=Matter.AGE, state=State.ATTESTED)

    with translation.override(language):
        assert str(event) == f"{words} #7"


@pytest.mark.req("C14", "R049")
def test_who_saw_the_data_is_named_with_the_recipient_they_work_for(client, person, make_staff):
    officer = make_staff("privacy officer")
    contractor = UserFactory(is_staff=True, recipient="contractor")
    audit.record(officer, sights.SEEN, person)
    audit.record(contractor, sights.LISTED, contractor, of="accounts.user", keys=[person.pk, officer.pk])
    audit.record(officer, sights.SEEN, officer)

    shown = [(sight.who, sight.what) for sight in sights.of(person.subject)]

    assert shown == [
        (f"Toppan Inc. (staff no. {contractor.pk})", "In a list: Person"),
        (f"The secretariat (staff no. {officer.pk})", "Opened: Person"),
    ]
    assert f"staff no. {officer.pk}" in page(client, "sights")


@pytest.mark.req("L01")
def test_the_history_gives_a_receipt_for_each_act(client, person):
    event = consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")
    other = consent.give(make_member().subject, Purpose.NEWSLETTER, "newsletter")

    text = page(client, "history")

    assert reverse("privacy:receipt-download", args=[event.ref]) in text
    assert str(other.ref) not in text


@pytest.fixture
def proved(client, person):
    """The browser of the person, who has just given their password again."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.req("R090", "R092", "R102")
@pytest.mark.parametrize(("is_in_europe", "laws"), [("yes", ["appi", "gdpr"]), ("no", ["appi"])])
def test_a_request_is_taken_once_and_its_number_mailed(proved, client, person, make_staff, is_in_europe, laws):
    officer = make_staff("privacy officer")
    answers = {"kind": "access", "text": "Everything, please.", "is_in_europe": is_in_europe}

    for _click in range(2):
        response = proved.post(reverse("privacy:request-create"), answers)

    assert response.url == reverse("privacy:centre")
    request = Request.objects.get()
    assert (request.subject, request.kind, request.text) == (person.subject, "access", "Everything, please.")
    assert request.regimes == laws
    assert {(message.to_ref, message.purpose) for message in Message.objects.all()} == {
        (person.ref, Purpose.RIGHTS),
        (officer.ref, Purpose.ADMINISTRATION),
    }
    assert request.number in page(client, "centre")


@pytest.mark.req("R151")
def test_who_asks_very_often_waits_and_keeps_what_they_typed(proved):
    def ask(text):
        answers = {"kind": "access", "text": text, "is_in_europe": "no"}
        return proved.post(reverse("privacy:request-create"), answers)

    for number in range(10):
        ask(f"Copy {number}")

    response = ask("One more copy")

    assert Request.objects.count() == 10
    assert "Wait an hour" in response.content.decode()
    assert "One more copy" in response.content.decode()


@pytest.mark.req("R099")
def test_who_sits_down_at_an_open_page_asks_for_nothing(client, person):
    assert client.get(reverse("privacy:request-create")).url.startswith(reverse("account_reauthenticate"))

    answers = {"kind": "erasure", "text": "", "is_in_europe": "no"}
    assert client.post(reverse("privacy:request-create"), answers).url.startswith(reverse("account_reauthenticate"))
    assert not Request.objects.exists()


def test_what_was_typed_outlives_the_question_for_the_password(client, person):
    answers = {"kind": "rectification", "text": "My name is Mori.", "is_in_europe": "yes"}
    question = client.post(reverse("privacy:request-create"), answers).url

    client.post(question, {"password": PASSWORD})

    request = Request.objects.get()
    assert (request.text, request.regimes) == ("My name is Mori.", ["appi", "gdpr"])


def test_what_was_typed_stays_when_the_kind_is_missing(proved):
    response = proved.post(reverse("privacy:request-create"), {"text": "A correction"})

    assert response.status_code == 200
    assert "A correction" in response.content.decode()
    assert Request.objects.count() == 0


@pytest.mark.req("R046", "R090")
@pytest.mark.parametrize("path", ["/en/my-page/", "/en/person/"])
@pytest.mark.parametrize("make", [make_member, UserFactory])
@pytest.mark.django_db
def test_the_centre_is_one_link_away_also_for_who_acts_for_nobody(client, path, make):
    client.force_login(make())

    assert f'href="{reverse("privacy:centre")}"' in client.get(path).content.decode()
