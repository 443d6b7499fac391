"""The finder: a name, an address or a number in every table that is declared, and nobody finds unrecorded."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import outbox
from accounts.models import OperatorPeople, User
from directory.models import SavedListing
from privacy import finder, requests
from privacy.declarations import declared
from privacy.models import AuditEvent, ProcessingRecord, Request
from privacy.purposes import Purpose
from tests.factories import ListingDraftFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
NAME = "Ｋａｎａｒｉ　Tori"


@pytest.fixture
def officer():
    return UserFactory()


def found(term, officer):
    return {
        (trace.declaration.model._meta.label, field)
        for trace in finder.look(term, reason="P-2026-000001", by=officer)[0]
        for field in trace.fields
    }


@pytest.fixture
def traces():
    """A name in many tables, of people and of others who wrote of them."""
    person = make_member()
    operator = person.acting_for
    User.objects.filter(pk=person.pk).update(email="kanaritori@business.example")
    OperatorPeople.objects.filter(operator=operator).update(contact_name=NAME, contact_telephone="+81312345678")
    ListingDraftFactory(operator=operator, description_ja="案内は kanari tori が行います。")
    SavedListing.objects.create(user=UserFactory(), operator=operator, note="Ask for KanariTori")
    Request.objects.create(
        subject=UserFactory().subject,
        kind="access",
        regimes=["appi"],
        channel="paper",
        text="call kanari tori, ０３－１２３４－５６７８",
        language="en",
    )
    outbox.post(person.subject, Purpose.RIGHTS, "privacy/emails/request_received", number="KANARI tori", kind="access")
    return operator


EXPECTED = {
    ("accounts.OperatorPeople", "contact_name"),
    ("directory.ListingDraft", "description_ja"),
    ("directory.SavedListing", "note"),
    ("privacy.Request", "text"),
    ("outbox.Message", "context"),
    ("accounts.User", "email"),
}


@pytest.mark.req("R092", "R094")
@pytest.mark.parametrize("term", ["kanari tori", "KANARITORI", "ｋａｎａｒｉ tori"])
def test_a_name_is_found_in_every_table_however_it_is_written(traces, officer, term):
    assert found(term, officer) >= EXPECTED


@pytest.mark.req("R092", "R094")
@pytest.mark.parametrize(
    "term", ["03-1234-5678", "+81 3 1234 5678", "(03)12345678", "０３－１２３４－５６７８", "+81312345678"]
)
def test_a_telephone_number_is_found_however_it_is_written(traces, officer, term):
    assert found(term, officer) == {("accounts.OperatorPeople", "contact_telephone"), ("privacy.Request", "text")}


@pytest.mark.req("R092")
@pytest.mark.parametrize("term", ["%", "kanari_tori", "100%", "kanari\\tori", "'; DROP TABLE"])
def test_signs_mean_themselves(traces, officer, term):
    assert found(term, officer) == set()


@pytest.mark.req("R092")
def test_every_text_column_that_is_no_secret_is_searched():
    searched = {one.model._meta.label: set(finder.columns(one)) for one in declared()}

    assert {"text", "name", "email"} <= searched["privacy.Request"]
    assert "details" in searched["privacy.AuditEvent"]
    assert "password" not in searched["accounts.User"]
    for one in declared():
        assert not searched[one.model._meta.label] & one.never_shown


@pytest.mark.req("R092")
def test_a_trace_says_whose_row_it_is_and_no_value(traces, officer):
    person = traces.memberships.get().user

    account = next(
        trace
        for trace in finder.look("kanaritori@", reason="P-2026-000001", by=officer)[0]
        if trace.declaration.model._meta.label == "accounts.User"
    )

    assert (account.key, account.subjects) == (str(person.pk), (str(person.ref),))
    assert "kanaritori" not in str(account.labels)


@pytest.mark.req("R092", "R049")
def test_the_search_is_written_down_with_its_reason_and_without_its_term(traces, officer):
    finder.look("kanari tori", reason="P-2026-000001", by=officer)

    event = AuditEvent.objects.get(act="traces searched")
    assert event.by == officer
    assert event.details == {
        "reason": "P-2026-000001",
        "term": finder.fingerprint("ＫＡＮＡＲＩ Tori"),
        "found": event.details["found"],
    }
    assert "kanari" not in json.dumps(event.details).casefold()
    assert ProcessingRecord.objects.filter(surface="finder", purpose=Purpose.RIGHTS, by_ref=officer.ref).exists()


# ---- the page ----


@pytest.fixture
def officers_browser(client, make_staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff("privacy officer"))
    return client


@pytest.mark.req("R092", "R049")
@pytest.mark.parametrize("reason", ["ＫＡＮＡＲＩ Tori", "Letter of Kanari  Tori, 24 November"])
def test_the_term_does_not_come_into_the_audit_by_way_of_the_reason(officers_browser, traces, reason):
    page = officers_browser.post(reverse("admin:privacy_finder"), {"term": "kanari tori", "reason": reason})

    assert "do not repeat what you search for" in page.content.decode()
    assert not AuditEvent.objects.filter(act="traces searched").exists()


@pytest.mark.req("R092", "R049")
@pytest.mark.parametrize("given", [{"term": "kanari tori"}, {"term": "x", "reason": "y"}, {"reason": "y"}])
def test_without_a_reason_or_a_term_nothing_is_searched(officers_browser, traces, given):
    page = officers_browser.post(reverse("admin:privacy_finder"), given)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not AuditEvent.objects.filter(act="traces searched").exists()


@pytest.mark.req("R092", "R049")
def test_the_reason_is_not_the_term(officers_browser, traces):
    page = officers_browser.post(reverse("admin:privacy_finder"), {"term": "kanari tori", "reason": "Kanari Tori"})

    assert page.context["form"].errors["reason"]


@pytest.mark.req("R092")
def test_the_page_names_rows_and_fields_with_a_link_and_keeps_what_was_typed(officers_browser, traces):
    page = officers_browser.post(reverse("admin:privacy_finder"), {"term": "kanari tori", "reason": "P-2026-000001"})

    text = page.content.decode()
    message = traces.memberships.get().user
    assert reverse("admin:accounts_user_change", args=[message.pk]) in text
    assert 'value="P-2026-000001"' in text


@pytest.mark.req("R092")
def test_many_traces_are_paged(officers_browser, traces):
    SavedListing.objects.bulk_create(
        SavedListing(user=person, operator=traces, note="kanari tori") for person in UserFactory.create_batch(60)
    )
    asked = {"term": "kanari tori", "reason": "P-2026-000001"}
    first = officers_browser.post(reverse("admin:privacy_finder"), asked)
    assert f'name="seal" value="{first.context["seal"]}"' in first.content.decode()

    page = officers_browser.post(reverse("admin:privacy_finder"), asked | {"page": 2, "seal": first.context["seal"]})

    assert page.context["page"].number == 2
    assert len(page.context["traces"]) < 50
    assert AuditEvent.objects.filter(act="traces searched").count() == 1
    assert ProcessingRecord.objects.filter(surface="finder").count() == 1


@pytest.mark.req("R092", "R049")
@pytest.mark.parametrize(
    "other",
    [
        {"term": "kanaritori@"},
        {"reason": "P-2026-000002"},
        {"seal": ""},
        {"seal": "forged:1:x"},
        {"page": ""},
    ],
)
def test_only_a_further_page_of_the_same_search_is_no_new_act(officers_browser, traces, other):
    asked = {"term": "kanari tori", "reason": "P-2026-000001"}
    seal = officers_browser.post(reverse("admin:privacy_finder"), asked).context["seal"]

    officers_browser.post(reverse("admin:privacy_finder"), asked | {"page": 1, "seal": seal} | other)

    assert AuditEvent.objects.filter(act="traces searched").count() == 2


@pytest.mark.req("R092", "R049")
@pytest.mark.parametrize(("minutes", "acts"), [(29, 1), (31, 2)])
def test_after_half_an_hour_the_same_search_is_a_new_act(traces, officer, time_machine, minutes, acts):
    _found, seal = finder.look("kanari tori", reason="P-2026-000001", by=officer)
    time_machine.move_to(timezone.now() + timedelta(minutes=minutes))

    finder.look("kanari tori", reason="P-2026-000001", by=officer, seal=seal)

    assert AuditEvent.objects.filter(act="traces searched").count() == acts


@pytest.mark.req("R092", "R049")
def test_nobody_leafs_through_the_search_of_a_colleague(traces, officer):
    _found, seal = finder.look("kanari tori", reason="P-2026-000001", by=officer)

    finder.look("kanari tori", reason="P-2026-000001", by=UserFactory(), seal=seal)

    assert AuditEvent.objects.filter(act="traces searched").count() == 2


@pytest.mark.req("R092", "R049")
def test_what_is_found_since_is_written_down(officers_browser, traces):
    asked = {"term": "kanari tori", "reason": "P-2026-000001"}
    seal = officers_browser.post(reverse("admin:privacy_finder"), asked).context["seal"]
    SavedListing.objects.create(user=UserFactory(), operator=traces, note="kanari tori")

    officers_browser.post(reverse("admin:privacy_finder"), asked | {"page": 1, "seal": seal})

    assert AuditEvent.objects.filter(act="traces searched").count() == 2


@pytest.mark.req("R092")
def test_who_finds_nothing_is_told_so(officers_browser, traces):
    page = officers_browser.post(reverse("admin:privacy_finder"), {"term": "nobody at all", "reason": "P-2026-000001"})

    assert "No trace was found." in page.content.decode()


@pytest.mark.req("R092", "R049")
def test_the_finder_is_filled_in_from_a_request_without_searching(officers_browser, traces):
    person = User.objects.get(pk=traces.memberships.get().user_id)
    asked = requests.receive(person.subject, "access", "", by=person)[0]

    form = officers_browser.get(reverse("admin:privacy_finder"), {"request": asked.pk}).context["form"]

    assert form.initial == {"term": person.email, "reason": asked.number}
    assert not AuditEvent.objects.filter(act="traces searched").exists()
    assert AuditEvent.objects.filter(act="personal fields seen", target=f"privacy.request:{asked.pk}").exists()


@pytest.mark.parametrize("key", ["", "x", "٣", "0", "9" * 30])
def test_a_request_that_is_not_there_fills_in_nothing(officers_browser, key):
    assert officers_browser.get(reverse("admin:privacy_finder"), {"request": key}).context["form"].initial == {}
