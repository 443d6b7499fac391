"""Copies of a person's data: asked, built, fetched once, gone."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Operator, OperatorPeople
from outbox.models import Message
from privacy import consent, disclosures, encryption, packages, requests
from privacy.models import (
    AuditEvent,
    Disclosure,
    DisclosureSubject,
    Export,
    ExportItem,
    ExportKind,
    Package,
    ProcessingRecord,
    Recipient,
    RecipientKey,
    Request,
    RequestState,
)
from privacy.packages import building
from privacy.purposes import Purpose
from tests.factories import PASSWORD, ListingDraftFactory, OperatorFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def built(subject, form="access", **options):
    package = packages.ask(subject, form, **options)
    assert packages.build(package.pk)
    package.refresh_from_db()
    return package


def files_of(package):
    with zipfile.ZipFile(io.BytesIO(packages.open_(package))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def page_of(package):
    return files_of(package)["index.html"].decode()


def data_of(package):
    return json.loads(files_of(package)["data.json"])


@pytest.fixture
def person():
    person = make_member()
    Operator.objects.filter(pk=person.acting_for_id).update(contact=person.subject)
    return person


@pytest.fixture
def browser(client, person):
    """Of the person, who has just given their password."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


# ---- what is in it ----


@pytest.mark.req("R092", "L07")
def test_the_page_says_everything_in_both_languages_and_needs_nothing_from_elsewhere(person):
    consent.give(person.subject, Purpose.NEWSLETTER, "newsletter")

    page = page_of(built(person.subject))

    assert person.email in page
    assert '<section id="ja" lang="ja">' in page
    assert '<section id="en" lang="en">' in page
    for words in ("あなた", "What permits it", "How long it stays", "Who may receive it", "From whom", "Your rights"):
        assert words in page
    assert "Consent: Newsletter" in page
    assert "https://www.ppc.go.jp/" in page
    for loaded in ("<script", "<link", "<img", " src=", 'href="http', "url("):
        assert loaded not in page


@pytest.mark.req("R092")
def test_what_is_written_by_people_cannot_become_part_of_the_page(person):
    ListingDraftFactory(operator=person.acting_for, description_en="<script>alert(1)</script>")

    page = page_of(built(person.subject))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


@pytest.mark.req("R092", "R067")
def test_hand_overs_are_told_with_recipient_day_and_fields_and_without_values(person):
    fields = [
        {"name": "business_name", "en": "Business name", "ja": "商号", "minimum": True},
        {"name": "contact_name", "en": "Person in charge", "ja": "担当者", "minimum": False},
    ]
    key = RecipientKey.objects.create(
        recipient="contractor",
        public_key="age1x",
        telephone="+81 3-0000-0000",
        registered_by=person,
        expires_at=timezone.now() + timedelta(days=9),
    )
    for is_withheld in (False, True):
        export = Export.objects.create(
            kind=ExportKind.PROVISION,
            recipient="contractor",
            key=key,
            sha256="0" * 64,
            built_at=timezone.now(),
            manifest={"fields": fields},
        )
        ExportItem.objects.create(export=export, subject_ref=person.ref, row_key="1", is_withheld=is_withheld)
    unbuilt = Export.objects.create(kind=ExportKind.PROVISION, recipient="contractor")
    ExportItem.objects.create(export=unbuilt, subject_ref=person.ref, row_key="1")

    package = built(person.subject)

    assert [one["fields"] for one in data_of(package)["hand_overs"]] == [
        ["Business name"],
        ["Business name", "Person in charge"],
    ]
    assert Recipient.objects.filter(code="contractor").first().name("ja") in page_of(package)


@pytest.mark.req("R092", "R082")
@pytest.mark.parametrize(("days", "is_told"), [(None, True), (-1, True), (0, False), (1, False)])
def test_a_disclosure_is_told_unless_it_is_sealed(person, days, is_told):
    officers = [UserFactory(), UserFactory()]
    sealed_until = None if days is None else timezone.localdate() + timedelta(days=days)
    disclosure = Disclosure.objects.create(
        requester="Tokyo District Court canary",
        requested_on="2026-01-05",
        ground="obligation",
        article="Art. 197",
        reasoning="A warrant.",
        fields=["accounts.User.email"],
        sealed_until=sealed_until,
        entered_by=officers[0],
    )
    DisclosureSubject.objects.create(disclosure=disclosure, subject_ref=person.ref)
    disclosures.approve(disclosure, by=officers[1])
    disclosures.extract(disclosure, by=officers[1])

    assert ("Tokyo District Court canary" in page_of(built(person.subject))) is is_told


@pytest.mark.req("R092")
@pytest.mark.parametrize("form", ["access", "portability"])
def test_who_left_a_business_gets_their_own_data_only(person, form):
    """PR2."""
    operator = person.acting_for
    former = make_member(operator)
    ListingDraftFactory(operator=operator, headline_en="canary of the business")
    former.memberships.all().delete()

    whole = b"".join(files_of(built(former.subject, form)).values()).decode()

    assert former.email in whole
    assert "canary of the business" not in whole
    assert person.email not in whole


@pytest.mark.req("R092")
@pytest.mark.parametrize("is_across", [True, False])
def test_one_contact_of_two_businesses_gets_both_and_the_members_of_one_nothing_of_the_other(person, is_across):
    """PR3."""
    other = OperatorFactory(contact=person.subject, business_name="canary second business", overseas=is_across)
    colleague = make_member(person.acting_for)

    assert "canary second business" in page_of(built(person.subject))
    for form in ("access", "portability"):
        whole = b"".join(files_of(built(colleague.subject, form)).values()).decode()
        assert other.business_name not in whole


@pytest.mark.req("R092")
def test_the_words_of_somebody_else_and_secrets_are_in_no_copy(person):
    whole = b"".join(files_of(built(person.subject)).values()).decode()

    assert person.password not in whole
    kinds = {kind["kind"]: kind for kind in data_of(built(person.subject, allowed_by=person))["kinds"]}
    assert "password" not in kinds["accounts.user"]["records"][0]


@pytest.mark.req("R039", "R092")
def test_a_copy_is_written_down_as_a_use_without_its_values(person):
    built(person.subject)

    record = ProcessingRecord.objects.get(surface="copy access")
    assert (record.purpose, record.subjects) == (Purpose.RIGHTS, 1)
    assert "email" in record.fields


@pytest.mark.req("R151", "R092")
def test_the_content_lies_sealed_and_bound_to_its_row(person):
    package = built(person.subject)
    stored = bytes(package.content)

    assert b"index.html" not in stored
    assert person.email.encode() not in stored
    with pytest.raises(encryption.InvalidTag):
        encryption.unseal(stored, encryption.place(Package(ref=uuid.uuid4()), "content"))


# ---- asked ----


@pytest.mark.req("R092", "R097")
def test_one_of_each_form_in_a_week_unless_staff_allow(person):
    with time_machine.travel("2026-06-01T10:00+09:00", tick=False):
        packages.ask(person.subject, "access")
        packages.ask(person.subject, "portability")
    with time_machine.travel("2026-06-08T09:59+09:00", tick=False):
        with pytest.raises(ValidationError, match="8 Jun 2026, 10:00"):
            packages.ask(person.subject, "access")
        packages.ask(person.subject, "access", allowed_by=UserFactory())
    with time_machine.travel("2026-06-15T10:00+09:00", tick=False):
        packages.ask(person.subject, "access")


@pytest.mark.req("R092")
def test_a_copy_that_failed_does_not_count(person):
    Package.objects.create(subject=person.subject, form="access", failed_at=timezone.now())

    assert packages.ask(person.subject, "access").pk


# ---- built ----


@pytest.mark.req("R092")
def test_building_twice_is_building_once(person):
    package = built(person.subject)
    content = bytes(package.content)

    assert not packages.build(package.pk)
    assert packages.build_due() == []

    package.refresh_from_db()
    assert bytes(package.content) == content
    assert ProcessingRecord.objects.filter(surface="copy access").count() == 1


@pytest.mark.req("R092")
def test_a_worker_that_was_killed_is_followed_by_another(person):
    package = packages.ask(person.subject, "access")
    # As far as it came before the kill.
    abandoned = building._claim(package.pk)

    assert packages.build_due() == []
    with time_machine.travel(timezone.now() + building.LEASE + timedelta(seconds=1)):
        follower = building._claim(package.pk)
        # It was only slow, and is too late now.
        assert not building._finish(abandoned, b"old", {"email"})
        assert building._finish(follower, *building._content(follower))

    package.refresh_from_db()
    assert (package.attempts, package.done) == (2, package.total)
    assert "index.html" in files_of(package)


@pytest.mark.req("R092")
def test_after_three_attempts_it_is_given_up_and_audited(person, monkeypatch):
    package = packages.ask(person.subject, "access")

    def broken(subject):
        raise OSError("the disk of the photos is away")

    monkeypatch.setattr("privacy.packages.parts._file_sources", [broken])
    for _attempt in range(4):
        packages.build_due()

    package.refresh_from_db()
    assert package.failed_at
    assert package.attempts == 3
    assert AuditEvent.objects.get(act="copy failed").details == {"form": "access", "attempts": 3}


@pytest.mark.req("R092")
def test_three_workers_that_died_are_enough(person):
    package = packages.ask(person.subject, "access")
    now = timezone.now()
    for attempt in range(4):
        with time_machine.travel(now + attempt * (building.LEASE + timedelta(seconds=1))):
            building._claim(package.pk)

    package.refresh_from_db()
    assert package.failed_at
    assert AuditEvent.objects.filter(act="copy failed").count() == 1


# ---- asked for on the page, and fetched (PR6) ----


def asked(browser, form="access"):
    answer = browser.post(reverse("privacy:package-list"), {"form": form})
    assert answer.status_code == 302, answer.content.decode()
    return Package.objects.latest("pk")


def fetched(browser, package):
    return browser.post(reverse("privacy:package-fetch", args=[package.ref]))


@pytest.mark.req("R092", "R097", "R099", "R090")
@pytest.mark.parametrize("form", ["access", "portability"])
def test_who_is_logged_in_gets_a_copy_without_an_officer_and_it_counts_as_a_request(browser, person, form):
    package = asked(browser, form)

    request = Request.objects.get(subject=person.subject)
    assert (request.kind, request.newest.state) == (form, RequestState.DECIDED)
    assert requests.answer_ready() == 0
    packages.build_due()
    assert requests.answer_ready() == 1
    assert requests.answer_ready() == 0
    assert request.newest.state == RequestState.CLOSED
    assert package.request == request
    assert Message.objects.filter(to_ref=person.ref, template="privacy/emails/copy_ready").count() == 1
    answer = fetched(browser, package)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


def test_asking_needs_the_password_again(client, person):
    client.force_login(person)

    answer = client.post(reverse("privacy:package-list"), {"form": "access"})

    assert answer["Location"].startswith("/en/account/reauthenticate/")
    assert not Package.objects.exists()


def test_the_password_is_asked_before_the_button_is_shown(client, person):
    package = built(person.subject)
    page = reverse("privacy:package", args=[package.ref])
    client.force_login(person)

    assert client.post(reverse("privacy:package-fetch", args=[package.ref]))["Location"] == page
    assert client.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    assert not Package.objects.exclude(fetched_at=None).exists()

    answer = client.post(f"{reverse('account_reauthenticate')}?next={page}", {"password": PASSWORD}, follow=True)
    assert answer.request["PATH_INFO"] == page
    assert "Fetch the copy" in answer.content.decode()
    assert client.post(reverse("privacy:package-fetch", args=[package.ref])).status_code == 200


def test_a_double_click_asks_once(browser, person):
    first = asked(browser)

    assert asked(browser) == first
    assert Request.objects.count() == 1


@pytest.mark.req("R092")
def test_a_second_copy_within_the_week_is_refused_with_the_day_and_leaves_no_request(browser, person):
    package = asked(browser)
    packages.build_due()
    fetched(browser, package)

    answer = browser.post(reverse("privacy:package-list"), {"form": "access"})

    assert answer.status_code == 200
    assert "The next is possible from" in answer.context["form"].errors.as_text()
    assert Request.objects.count() == 1


@pytest.mark.req("R092")
def test_the_page_says_how_far_it_is(browser, person):
    package = asked(browser)
    Package.objects.filter(pk=package.pk).update(done=12, total=48)

    answer = browser.get(reverse("privacy:package", args=[package.ref]))

    assert "12 of 48" in answer.content.decode()
    assert fetched(browser, package).status_code == 410


@pytest.mark.req("R092", "R151")
def test_a_download_that_broke_off_begins_again_within_an_hour_in_the_same_log_in_only(browser, client_of, person):
    package = asked(browser)
    packages.build_due()
    first = fetched(browser, package)

    again = fetched(browser, package)
    elsewhere = fetched(client_of(person), package)

    assert again.content == first.content
    assert elsewhere.status_code == 410
    assert "given out once" in elsewhere.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert packages.refusal(Package.objects.get(), has_begun=True) == packages.Refusal.SPENT


@pytest.mark.req("R092", "R151")
def test_somebody_else_finds_no_copy(browser, client_of, person):
    package = asked(browser)
    packages.build_due()

    stranger = client_of(make_member(person.acting_for))

    assert fetched(stranger, package).status_code == 404
    assert stranger.get(reverse("privacy:package", args=[package.ref])).status_code == 404
    assert Package.objects.get().fetched_at is None


@pytest.mark.req("R092")
@pytest.mark.parametrize(("days", "status"), [(13, 200), (14, 410)])
def test_after_a_fortnight_it_is_refused(client_of, person, days, status):
    now = timezone.now()
    package = built(person.subject)
    with time_machine.travel(now + timedelta(days=days, seconds=60)):
        assert fetched(client_of(person), package).status_code == status


@pytest.mark.req("R092", "R110")
def test_what_was_fetched_or_never_fetched_is_emptied(person, capsys):
    now = timezone.now()
    names = {
        "fetched": (now - timedelta(minutes=61), now),
        "just fetched": (now, now),
        "late": (None, now),
        "new": (None, None),
    }
    rows = {
        name: Package.objects.create(
            subject=person.subject,
            form="access",
            content=b"sealed",
            built_at=now,
            fetched_at=fetched_at,
            expires_at=ends or now + timedelta(days=1),
        )
        for name, (fetched_at, ends) in names.items()
    }

    call_command("expire_packages", "--dry-run")
    assert capsys.readouterr().out.startswith("2 ")
    assert Package.objects.exclude(content=b"").count() == 4
    call_command("expire_packages")

    left = set(Package.objects.exclude(content=b"").values_list("pk", flat=True))
    assert {name for name, row in rows.items() if row.pk in left} == {"just fetched", "new"}
    assert packages.expire() == 0


@pytest.fixture
def client_of():
    """A browser of its own, logged in as somebody who has just given their password."""
    from django.test import Client

    def log_in(person):
        browser = Client()
        browser.force_login(person)
        browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return browser

    return log_in


def test_the_person_in_charge_stands_on_the_card(person):
    OperatorPeople.objects.filter(operator=person.acting_for).update(
        contact_name="山田 花子;, 係長", contact_telephone="+81 3-1234-5678"
    )

    card = files_of(built(person.subject, "portability"))["contact.vcf"].decode()

    assert card.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:山田 花子\\;\\, 係長\r\n")
    assert 'TEL;VALUE=uri;TYPE="work,voice":tel:+81312345678\r\n' in card
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
