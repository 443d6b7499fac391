"""The workbench in the admin: the queue, the page of a request, and its acts; and who may do what there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy import requests
from privacy.admin.requests import ACTS
from privacy.models import AuditEvent, ProcessingRecord, RequestState, Step, Subject
from tests.factories import make_member


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def officer(make_staff, client):
    person = make_staff("privacy officer")
    client.force_login(person)
    return person


@pytest.fixture
def asked(db):
    person = make_member()
    return requests.receive(person.subject, "restriction", "Nothing for now, please.", by=person)[0]


def url(asked, act=None):
    name = "admin:privacy_request_act" if act else "admin:privacy_request_change"
    return reverse(name, args=[asked.pk, *([act] if act else [])])


def queue(client, **filters):
    return [
        row.pk for row in client.get(reverse("admin:privacy_request_changelist"), filters).context["cl"].result_list
    ]


def buttons(client, asked):
    titles = {title: act for act, (_service, title, _step) in ACTS.items()}
    return [titles[title] for title, _url in client.get(url(asked)).context["acts"]]


@pytest.mark.req("R090", "L02", "L07")
def test_the_queue_begins_with_what_is_due_first_and_marks_what_is_overdue(client, officer, asked):
    person = make_member()
    late = requests.receive(person.subject, "access", "", by=person, received_at=timezone.now() - timedelta(days=40))[0]
    ended = requests.receive(person.subject, "erasure", "", by=person)[0]
    requests.withdraw(ended, by=person)

    assert queue(client) == [late.pk, asked.pk]
    assert queue(client, state="overdue") == [late.pk]
    assert queue(client, state="withdrawn") == [ended.pk]
    assert set(queue(client, state="all")) == {late.pk, asked.pk, ended.pk}
    page = client.get(reverse("admin:privacy_request_changelist")).content.decode()
    assert page.count('<strong class="tag no">Overdue</strong>') == 1
    # Of both laws the one that ends first governs; it stands beside the day.
    assert f'<td class="field-law">{late.newest.governed_by}</td>' in page


@pytest.mark.req("R090")
def test_an_officer_finds_what_is_theirs_and_what_is_nobodys(client, officer, make_staff, asked):
    mine, colleagues = (requests.receive(make_member().subject, "access", "", by=officer)[0] for _once in range(2))
    requests.acknowledge(mine, by=officer)
    requests.acknowledge(colleagues, by=make_staff("privacy officer"))

    assert queue(client, officer="me") == [mine.pk]
    assert queue(client, officer="nobody") == [asked.pk]


@pytest.mark.req("R090")
def test_the_likely_next_step_stands_first_and_what_ends_a_request_last(client, officer, asked):
    def groups():
        return [
            [str(label) for label, _url in links]
            for _title, links, _is_likely in client.get(url(asked)).context["groups"]
        ]

    assert groups()[0] == ["Confirm that you look after it"]
    assert "The person takes it back" in groups()[-1]
    requests.acknowledge(asked, by=officer)
    assert groups()[0] == ["Begin the review"]
    requests.begin_review(asked, by=officer)
    assert groups()[0] == ["Decide"]
    assert groups()[0][0] not in groups()[1]


@pytest.mark.req("R102", "L02")
def test_the_page_says_by_when_and_why(client, officer, asked):
    page = client.get(url(asked)).content.decode()

    due = asked.newest.due_on
    assert f"{due.day} {due:%b} {due.year}" in page
    assert "counted from the receipt on" in page
    assert "the earlier day governs" in page
    assert "Nothing for now, please." in page


@pytest.mark.req("R094", "R095")
def test_a_request_is_answered_by_its_buttons(client, officer):
    asked = requests.receive(make_member().subject, "restriction", "As I wrote.", by=officer, channel="paper")[0]

    def do(act, **data):
        assert act in buttons(client, asked)
        response = client.post(url(asked, act), data)
        assert response.status_code == 302, response.context["form"].errors

    do("acknowledge")
    do("settle_identity", how="undoubted")
    do("ask_completion", text="Which data are wrong?\r\nAll?")
    do("complete")
    do("extend", reasons=["complex"])
    do("decide", outcome="granted", grounds=["GDPR 18(1)(a)"], confirmed="1")
    draft = client.get(url(asked, "deliver")).context["form"].initial["text"]
    do("deliver", text=draft + "\r\nWith kind regards")
    do("tell_of_lifting", text="It is checked.")
    do("close")

    assert asked.newest.state == RequestState.CLOSED
    assert asked.letters.get(event__step=Step.COMPLETION_ASKED).text.count("Which data are wrong?\nAll?") == 1
    assert asked.letters.get(event__step=Step.DELIVERED).text == draft + "\nWith kind regards"
    assert {event.by for event in asked.events.all()} == {officer}
    page = client.get(url(asked)).content.decode()
    assert "With kind regards" in page
    assert "the accuracy of the data is contested" in page


def test_what_is_refused_stands_on_the_form_with_what_was_chosen(client, officer, asked):
    requests.begin_review(asked, by=officer)

    answers = {"outcome": "refused", "grounds": ["GDPR 18(1)(b)"], "confirmed": "1"}
    response = client.post(url(asked, "decide"), answers)

    assert response.status_code == 200
    page = response.content.decode()
    assert "Choose why the request, or a part of it, is refused." in page
    assert response.context["form"]["grounds"].value() == ["GDPR 18(1)(b)"]


def test_a_decision_is_shown_again_before_it_is_taken(client, officer, asked):
    requests.begin_review(asked, by=officer)
    answers = {"outcome": "granted", "grounds": ["GDPR 18(1)(a)"]}

    page = client.post(url(asked, "decide"), answers).content.decode()
    assert "Is this right?" in page
    assert "the accuracy of the data is contested, until it is checked (GDPR 18(1)(a))</dd>" in page
    assert asked.newest.step == Step.REVIEWED

    assert "Is this right?" not in client.post(url(asked, "decide"), answers | {"change": "1"}).content.decode()
    assert asked.newest.step == Step.REVIEWED

    client.post(url(asked, "decide"), answers | {"confirmed": "1"})
    assert asked.newest.step == Step.DECIDED


def test_only_legal_steps_have_buttons_and_an_address_typed_by_hand_is_refused(client, officer, asked):
    assert "deliver" not in buttons(client, asked)

    assert client.get(url(asked, "deliver")).status_code == 403
    assert client.post(url(asked, "close")).status_code == 403
    assert client.get(url(asked, "nonsense")).status_code == 403


@pytest.mark.req("R049")
def test_an_auditor_looks_and_reads_nobodys_words(client, make_staff, asked):
    client.force_login(make_staff("auditor"))

    page = client.get(url(asked)).content.decode()

    assert asked.number in page
    assert "Nothing for now, please." not in page
    assert buttons(client, asked) == []
    assert client.post(url(asked, "acknowledge")).status_code == 403


@pytest.mark.req("R049", "R151")
def test_reading_a_request_is_recorded(client, officer, asked):
    client.get(url(asked))

    assert AuditEvent.objects.filter(act="personal fields seen", target=f"privacy.request:{asked.pk}").exists()
    assert ProcessingRecord.objects.filter(purpose="rights", by_ref=officer.ref).exists()


@pytest.mark.req("R100", "R049")
def test_the_page_says_who_asks_in_the_centre_and_leads_to_them_and_to_the_finder(client, officer, asked):
    person = asked.subject.user

    page = client.get(url(asked)).content.decode()

    assert person.email in page
    assert reverse("admin:accounts_user_change", args=[person.pk]) in page
    assert f"{reverse('admin:privacy_finder')}?request={asked.pk}" in page
    assert "<dt>Name</dt>" not in page


@pytest.mark.req("R100")
def test_who_wrote_without_an_account_stands_with_name_and_address(client, officer):
    asked = requests.receive(
        Subject.objects.create(language="ja"),
        "access",
        "",
        by=officer,
        channel="paper",
        name="Ito",
        email="i@b.example",
    )[0]

    page = client.get(url(asked)).content.decode()

    assert "Ito" in page
    assert "i@b.example" in page
    assert "Account of the person" not in page


@pytest.mark.req("R049")
def test_an_auditor_is_not_told_who_asks(client, make_staff, asked):
    client.force_login(make_staff("auditor"))

    page = client.get(url(asked)).content.decode()

    assert asked.subject.user.email not in page
    assert "Find every trace of this person" not in page


@pytest.mark.req("L08")
@pytest.mark.parametrize(
    ("days", "said"),
    [(None, "there was none"), (90, "asked in time after the disclosure"), (91, "asked too late after the disclosure")],
)
def test_the_ninety_days_of_the_japanese_law_are_said_and_refuse_nothing(client, officer, days, said):
    person = make_member()
    if days is not None:
        disclosed(person, days)
    asked = requests.receive(person.subject, "rectification", "", by=person)[0]

    sentences = [sentence for _kind, sentence in client.get(url(asked)).context["checklist"]]

    assert [said in sentence for sentence in sentences].count(True) == 1
    assert "begin_review" in buttons(client, asked)
    assert "APPI Art." not in client.get(url(asked).replace("/en/", "/ja/")).content.decode()


@pytest.mark.req("R102")
def test_the_page_names_the_law_in_the_readers_language(client, officer, asked):
    page = client.get(url(asked).replace("/en/", "/ja/")).content.decode()

    assert "APPI Art." not in page


def disclosed(person, days):
    """Somebody got a copy so many days ago."""
    moment = timezone.now() - timedelta(days=days)
    request = requests.receive(person.subject, "access", "", by=person)[0]
    newest = request.newest
    dates = {name: getattr(newest, name) for name in ("due_on", "internal_on", "governed_by")}
    for step, state, outcome in (("decided", "decided", "granted"), ("delivered", "delivered", "")):
        request.events.create(step=step, state=state, outcome=outcome, at=moment, **dates)
