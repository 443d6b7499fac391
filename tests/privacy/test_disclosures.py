"""Nothing goes to a court or an authority without an entry that two officers made (R080, R081, R082, R068)."""

import io
import json
from datetime import date, timedelta

import pytest
import pyzipper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone

from accounts.staff_roles import StaffRole
from privacy import disclosures, held
from privacy.models import AuditEvent, Disclosure, DisclosureSubject, Ground, LedgerEvent, ProcessingRecord
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ENTERED = {
    "requester": "Tokyo District Court",
    "case_reference": "2026 (Wa) 77",
    "requested_on": date(2026, 11, 1),
    "ground": Ground.OBLIGATION,
    "article": "Code of Civil Procedure, Art. 186",
    "reasoning": "The court orders it, and asks for no more.",
    "fields": ["accounts.User.email"],
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def first(make_staff):
    return make_staff(StaffRole.OFFICER)


@pytest.fixture
def second(make_staff):
    return make_staff(StaffRole.OFFICER)


@pytest.fixture
def person():
    return UserFactory(email="asked-about@business.example")


def enter(by, *people, **changed):
    return disclosures.enter(Disclosure(**ENTERED | changed), [one.ref for one in people], by=by)


@pytest.mark.req("R080", "R082")
def test_the_extract_holds_the_fields_and_the_persons_of_the_entry_and_nothing_else(first, second, person):
    UserFactory(email="not-asked-about@business.example")
    disclosure = enter(first, person)
    disclosures.approve(disclosure, by=second)

    extract = json.loads(disclosures.extract(disclosure, by=first))

    assert extract["persons"] == [
        {"reference": str(person.ref), "data": [{"kind": "accounts.User", "values": {"email": person.email}}]}
    ]
    record = ProcessingRecord.objects.latest("pk")
    assert (record.purpose, record.fields, record.subjects) == ("legal_disclosure", ["email"], 1)


@pytest.mark.req("R080", "R082")
def test_without_a_second_officer_nothing_leaves(first, person):
    disclosure = enter(first, person)

    with pytest.raises(ValidationError, match="approved entry"):
        disclosures.extract(disclosure, by=first)
    with pytest.raises(ValidationError, match="Another officer"):
        disclosures.approve(disclosure, by=first)

    assert not ProcessingRecord.objects.filter(purpose="legal_disclosure").exists()


def test_what_was_refused_never_leaves(first, second, person):
    disclosure = enter(first, person)
    disclosures.refuse(disclosure, by=second)

    with pytest.raises(ValidationError, match="meanwhile"):
        disclosures.approve(disclosure, by=second)
    with pytest.raises(ValidationError, match="approved entry"):
        disclosures.extract(disclosure, by=first)


@pytest.mark.req("R068", "R081")
@pytest.mark.parametrize("missing", ["requester", "ground", "article", "reasoning", "fields"])
def test_ground_reasoning_and_fields_are_asked_for(first, person, missing):
    with pytest.raises(ValidationError) as refusal:
        enter(first, person, **{missing: [] if missing == "fields" else ""})

    assert missing in refusal.value.message_dict


@pytest.mark.req("R068", "R081")
def test_there_are_the_five_grounds_of_the_policy_and_no_other():
    assert [*Ground] == ["obligation", "rights", "wrongdoing", "safety", "liability"]


@pytest.mark.parametrize(
    "values", [{"fields": ["accounts.User.email", "accounts.User.password"]}, {"reasoning": "Another."}]
)
def test_what_was_decided_is_not_changed_even_past_the_program(first, second, person, values):
    disclosure = enter(first, person)
    disclosures.approve(disclosure, by=second)

    for change in (
        lambda: Disclosure.objects.filter(pk=disclosure.pk).update(**values),
        lambda: DisclosureSubject.objects.create(disclosure=disclosure, subject_ref=UserFactory().ref),
        lambda: Disclosure.objects.filter(pk=disclosure.pk)._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_the_database_refuses_one_officer_in_both_roles(first, person):
    disclosure = enter(first, person)

    with pytest.raises(IntegrityError, match="two_officers"), transaction.atomic():
        Disclosure.objects.filter(pk=disclosure.pk).update(approved_by=first, approved_at=timezone.now())


def test_a_secret_is_no_field_that_can_be_disclosed():
    assert "accounts.User.email" in disclosures.places()
    assert not {"accounts.User.password", "mfa.Authenticator.data", "privacy.SealedPaper.content"} & {
        *disclosures.places()
    }


@pytest.mark.req("R080")
def test_every_step_is_in_the_chain_without_a_personal_value(first, second, person):
    disclosure = enter(first, person)
    disclosures.approve(disclosure, by=second)
    disclosures.extract(disclosure, by=second)

    events = LedgerEvent.objects.filter(subject_ref=disclosure.ref).order_by("seq")
    assert [event.state for event in events] == ["requested", "approved", "fetched"]
    assert [event.actor for event in events] == [f"staff:{by.ref}" for by in (first, second, second)]
    assert len({event.proof["content"] for event in events}) == 1
    assert "asked-about" not in json.dumps([event.proof for event in events])


@pytest.mark.parametrize(("days", "is_told"), [(None, True), (-1, True), (1, False)])
def test_the_person_is_told_unless_the_law_forbids_it_for_a_time(first, second, person, days, is_told):
    until = days and timezone.localdate() + timedelta(days=days)
    disclosure = enter(first, person, sealed_until=until)
    disclosures.approve(disclosure, by=second)
    disclosures.extract(disclosure, by=second)

    assert bool(disclosures.of(person.subject)) == is_told
    assert (
        "privacy.DisclosureSubject" in {kind.declaration.model._meta.label for kind in held.of(person.subject)}
    ) == (is_told)


class TestPages:
    def test_an_officer_enters_another_approves_and_the_file_opens_with_the_password_only(
        self, client, first, second, person
    ):
        client.force_login(first)
        entered = {**ENTERED, "requested_on": "2026-11-01", "persons": f"{person.email}\n"}
        response = client.post(reverse("admin:privacy_disclosure_add"), entered)
        assert response.status_code == 302, response.context["errors"]
        disclosure = Disclosure.objects.get()
        assert disclosure.entered_by == first
        assert client.get(reverse("admin:privacy_disclosure_extract", args=[disclosure.pk])).status_code == 403
        act = reverse("admin:privacy_disclosure_act", args=[disclosure.pk, "approve"])
        assert client.post(act).status_code == 403
        client.force_login(second)
        assert client.post(act).status_code == 302

        url = reverse("admin:privacy_disclosure_extract", args=[disclosure.pk])
        password = client.get(url).context["password"]
        response = client.post(url, {"password": password})

        assert response["Content-Type"] == "application/zip"
        assert "no-store" in response["Cache-Control"]
        assert person.email.encode() not in response.content
        with pyzipper.AESZipFile(io.BytesIO(response.content)) as archive:
            with pytest.raises(RuntimeError, match="password"):
                archive.read(f"{disclosure}.json")
            archive.setpassword(password.encode())
            assert json.loads(archive.read(f"{disclosure}.json"))["persons"][0]["data"][0]["values"] == {
                "email": person.email
            }
        assert AuditEvent.objects.filter(act="disclosure extracted", by=second).count() == 1

    @pytest.mark.parametrize("chosen", ["", "secret", "A" * 31, "a" * 32])
    def test_nobody_chooses_the_password_of_an_extract(self, client, first, second, person, chosen):
        """The form of ZIP lets thousands of passwords a second be tried: only a generated one holds."""
        disclosure = enter(first, person)
        disclosures.approve(disclosure, by=second)
        client.force_login(first)

        page = client.post(reverse("admin:privacy_disclosure_extract", args=[disclosure.pk]), {"password": chosen})

        assert page["Content-Type"].startswith("text/html")
        assert page.context["password"] not in ("", chosen)
        assert not AuditEvent.objects.filter(act="disclosure extracted").exists()

    def test_whom_the_portal_does_not_know_is_named_and_what_was_typed_stays(self, client, first):
        client.force_login(first)
        entered = {**ENTERED, "requested_on": "2026-11-01", "persons": "nobody@business.example"}

        response = client.post(reverse("admin:privacy_disclosure_add"), entered)

        assert "The portal knows nobody as “nobody@business.example”." in response.content.decode()
        assert "The court orders it, and asks for no more." in response.content.decode()
        assert not Disclosure.objects.exists()
