"""From the finished file to its destruction (EX4, R061, R065)."""

import hashlib
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from privacy import handover
from privacy.handover import downloads, runs, signatures
from privacy.models import AuditEvent, LedgerEvent, Recipient, State
from privacy.tasks import build_hand_overs, remind_of_hand_overs

from .runs import CODE, Contractor, fresh, operator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def contractor(make_staff):
    return Contractor(make_staff)


@pytest.fixture
def export(contractor):
    operator()
    return contractor.built()


def url(export, name=None):
    return reverse("privacy:hand-over-file", args=[export.ref, name or export.file_name])


def got(client, export, person, name=None, **headers):
    client.force_login(person)
    response = client.get(url(export, name), headers=headers)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def act(client, export, person, name, **values):
    client.force_login(person)
    return client.post(reverse("admin:privacy_export_act", args=[export.pk, name]), values)


@pytest.mark.req("R061")
def test_staff_of_the_recipient_fetch_the_file_as_often_as_it_takes_and_each_time_is_logged(client, contractor, export):
    for count in (1, 2):
        response = got(client, export, contractor.staff)
        assert hashlib.sha256(response.body).hexdigest() == export.sha256
        fetched = LedgerEvent.objects.filter(subject_ref=export.ref, state=State.FETCHED)
        assert (fetched.count(), fetched[0].actor) == (count, f"staff:{contractor.staff.ref}")
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    assert response["Accept-Ranges"] == "bytes"


def test_a_download_that_broke_off_goes_on(client, contractor, export):
    whole = runs.path_of(export).read_bytes()
    size = len(whole)

    first = got(client, export, contractor.staff, range="bytes=0-99")
    rest = got(client, export, contractor.staff, range="bytes=100-", **{"if-range": first["ETag"]})

    assert (first.status_code, first["Content-Range"], first["Content-Length"]) == (206, f"bytes 0-99/{size}", "100")
    assert rest["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert first.body + rest.body == whole
    assert got(client, export, contractor.staff, range="bytes=-10").body == whole[-10:]
    assert AuditEvent.objects.filter(act="hand-over fetched further").count() == 2


def test_who_begins_behind_the_first_byte_has_fetched_it_all_the_same(client, contractor, export):
    got(client, export, contractor.staff, range="bytes=1-")
    got(client, export, contractor.staff, range="bytes=2-")
    assert AuditEvent.objects.filter(act="hand-over fetched").count() == 1
    assert AuditEvent.objects.filter(act="hand-over fetched further").count() == 1


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        *(("bytes=999999999-", 416), ("bytes=5-2", 416), ("bytes=-0", 416), ("bytes=-", 200), ("lines=1-2", 200)),
        *((f"bytes={'9' * 5000}-", 200), (f"bytes=-{'9' * 5000}", 200), (f"bytes=0-{'9' * 5000}", 200)),
    ],
)
def test_a_part_that_is_not_there_is_refused_and_what_is_no_range_means_all(client, contractor, export, asked, status):
    response = got(client, export, contractor.staff, range=asked)
    assert response.status_code == status
    if status == 416:
        assert response["Content-Range"] == f"bytes */{export.size}"


def test_a_part_of_another_file_is_not_mixed_in(client, contractor, export):
    response = got(client, export, contractor.staff, range="bytes=100-", **{"if-range": '"another"'})
    assert (response.status_code, len(response.body)) == (200, export.size)


def test_signature_manifest_and_instructions_lie_beside(client, contractor, export):
    for name, part in {
        f"{export.file_name}.sig": "BEGIN SSH SIGNATURE",
        "manifest.json": export.number,
        "HOW-TO-OPEN.en.txt": export.file_name,
        "HOW-TO-OPEN.ja.txt": export.file_name,
    }.items():
        response = got(client, export, contractor.staff, name)
        assert part in response.body.decode()
        assert response["Cache-Control"] == "no-store"
    assert got(client, export, contractor.staff, "E-000000.zip.age").status_code == 404


@pytest.mark.req("R061")
def test_nobody_else_gets_it_however_good_they_guess(client, contractor, export, make_staff):
    """EX4: for them there is no such file."""
    other = make_staff("contractor operations")
    other.recipient = "delegation-company"
    other.save()
    for person in (other, contractor.officer, make_staff("administrator")):
        assert got(client, export, person).status_code == 404
    client.force_login(contractor.staff)
    assert client.get(reverse("privacy:hand-over-file", args=[uuid.uuid4(), export.file_name])).status_code == 404
    client.logout()
    assert "/login/" in client.get(url(export))["Location"]
    assert not LedgerEvent.objects.filter(subject_ref=export.ref, state=State.FETCHED).exists()


def test_without_a_second_factor_nothing_is_given_out(client, contractor, export, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    client.force_login(contractor.staff)
    assert "/2fa/" in client.get(url(export))["Location"]


def _confirm(contractor, export):
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    return downloads.Refusal.SPENT


def _cancel(contractor, export):
    handover.cancel(export, by=contractor.officer)
    return downloads.Refusal.CANCELLED


def _end_contract(contractor, export):
    Recipient.objects.filter(code=CODE).update(valid_until=timezone.now())
    return downloads.Refusal.CONTRACT


def _wait(contractor, export):
    type(export).objects.filter(pk=export.pk).update(expires_at=timezone.now())
    return downloads.Refusal.EXPIRED


@pytest.mark.req("R060", "R061")
@pytest.mark.parametrize("happens", [_confirm, _cancel, _end_contract, _wait])
def test_spent_cancelled_expired_or_without_a_contract_it_is_gone_and_the_page_says_why(
    client, contractor, export, happens
):
    reason = happens(contractor, export)
    for name in (None, "manifest.json", f"{export.file_name}.sig"):
        response = got(client, export, contractor.staff, name)
        assert response.status_code == 410
        assert reason.label.split(".")[0] in response.body.decode()
        assert response["Cache-Control"] == "no-store"


@pytest.mark.req("R060", "R061")
def test_the_password_is_not_read_out_to_a_company_whose_contract_has_ended(contractor, export):
    _confirm(contractor, export)
    _end_contract(contractor, export)

    with pytest.raises(ValidationError, match="contract with your company has ended"):
        handover.read_password(export, by=contractor.officer, told_to="Hanako")

    assert fresh(export).password_read_at is None


def test_nor_of_what_is_destroyed_already(contractor, export):
    _confirm(contractor, export)
    handover.confirm_destruction(export, by=contractor.staff)

    with pytest.raises(ValidationError, match="meanwhile"):
        handover.read_password(export, by=contractor.officer, told_to="Hanako")


@pytest.mark.req("R061")
def test_only_the_right_digest_spends_it_and_wrong_ones_are_counted(client, contractor, export):
    for wrong in ("", "0" * 64, export.sha256[:-1]):
        response = act(client, export, contractor.staff, "confirm", digest=wrong)
        assert response.status_code == 200
    assert fresh(export).confirmed_at is None
    assert downloads.refused_digests(export) == 2

    assert act(client, export, contractor.staff, "confirm", digest=f" {export.sha256.upper()}  file").status_code == 302
    assert fresh(export).confirmed_by == contractor.staff
    with pytest.raises(ValidationError):
        handover.confirm(export, by=contractor.staff, digest=export.sha256)


def test_staff_of_another_company_confirm_nothing(contractor, export, make_staff):
    other = make_staff("contractor operations")
    other.recipient = "delegation-company"
    other.save()
    for service, values in (
        (handover.confirm, {"digest": export.sha256}),
        (handover.acknowledge, {}),
        (handover.confirm_destruction, {}),
    ):
        with pytest.raises(ValidationError):
            service(export, by=other, **values)


@pytest.mark.req("R061")
def test_the_password_is_shown_once_to_an_officer_with_name_and_time_and_then_is_gone(client, contractor, export):
    page = reverse("admin:privacy_export_password", args=[export.pk])
    client.force_login(contractor.officer)
    assert client.get(page).status_code == 403
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    client.force_login(contractor.staff)
    assert client.post(page, {"told_to": "me"}).status_code == 403
    client.force_login(contractor.officer)
    assert contractor.key.telephone in client.get(page).content.decode()
    assert client.post(page, {"told_to": ""}).status_code == 200
    assert fresh(export).password_read_at is None

    response = client.post(page, {"told_to": "見本 花子"})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert 'class="spoken"' in response.content.decode()
    export = fresh(export)
    assert (export.password_read_by, export.password_read_to) == (contractor.officer, "見本 花子")
    assert bytes(export.sealed_password) == b""
    assert client.post(page, {"told_to": "again"}).status_code == 403
    with pytest.raises(ValidationError, match="kept nowhere"):
        handover.read_password(export, by=contractor.officer, told_to="-")


@pytest.mark.req("R061")
def test_no_page_of_the_recipient_and_no_mail_holds_password_or_digest(client, contractor, export):
    client.force_login(contractor.staff)
    page = client.get(reverse("admin:privacy_export_change", args=[export.pk])).content.decode()
    assert export.sha256 not in page
    assert export.file_name in page
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    spoken = handover.read_password(export, by=contractor.officer, told_to="-")
    mails = str(list(Message.objects.values_list("context", flat=True)))
    kept = str(list(AuditEvent.objects.values_list("details", flat=True))) + str(
        list(LedgerEvent.objects.values_list("proof", flat=True))
    )
    for password in (spoken, spoken.replace(" ", "")):
        assert password not in mails + kept
    assert export.sha256 not in mails


@pytest.mark.req("R065")
def test_opened_and_destroyed_are_said_by_the_recipient_in_their_order(contractor, export):
    with pytest.raises(ValidationError):
        handover.confirm_destruction(export, by=contractor.staff)
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    with pytest.raises(ValidationError, match="read out"):
        handover.acknowledge(export, by=contractor.staff)
    handover.read_password(export, by=contractor.officer, told_to="-")

    handover.acknowledge(export, by=contractor.staff)
    handover.confirm_destruction(export, by=contractor.staff)

    export = fresh(export)
    assert (export.acknowledged_by, export.destroyed_by) == (contractor.staff, contractor.staff)
    assert handover.stage(export).label == "Destroyed"
    with pytest.raises(ValidationError):
        handover.acknowledge(export, by=contractor.staff)


def test_what_was_not_fetched_in_time_loses_its_password_and_its_file(contractor, export):
    path = runs.path_of(export)
    build_hand_overs()
    assert path.exists()
    with time_machine.travel(export.expires_at + timedelta(seconds=1)):
        build_hand_overs()
        build_hand_overs()
    assert bytes(fresh(export).sealed_password) == b""
    assert not path.exists()
    assert not runs.signature_of(path).exists()
    assert LedgerEvent.objects.filter(subject_ref=export.ref, state=State.EXPIRED).count() == 1


def test_the_file_of_a_spent_download_is_removed(contractor, export):
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    build_hand_overs()
    assert not runs.path_of(export).exists()
    assert fresh(export).sealed_password


@pytest.mark.req("R065")
def test_the_recipient_and_the_officers_are_reminded_of_what_is_not_destroyed(contractor, export):
    contractor.finish(export)
    Message.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        remind_of_hand_overs()
        assert handover.stage(fresh(export)).label == "To be destroyed: overdue"
    assert {message.to_ref for message in Message.objects.all()} == {
        person.ref for person in (contractor.staff, contractor.officer, contractor.second)
    }


def test_each_page_shows_only_the_hand_overs_of_ones_company(client, contractor, export, make_staff):
    waiting = contractor.ask()
    other = make_staff("contractor operations")
    other.recipient = "delegation-company"
    other.save()
    listing = reverse("admin:privacy_export_changelist")
    for person, seen in {contractor.officer: [export, waiting], contractor.staff: [export], other: []}.items():
        client.force_login(person)
        page = client.get(listing).content.decode()
        assert [one for one in (export, waiting) if one.number in page] == seen
    client.force_login(contractor.staff)
    assert client.get(reverse("admin:privacy_export_change", args=[waiting.pk])).status_code == 302


@pytest.mark.req("R061")
def test_no_header_tells_the_digest_that_the_recipient_finds_out_from_what_arrived(client, contractor, export):
    response = got(client, export, contractor.staff)

    assert export.sha256 not in str(response.headers)
    assert export.sha256.encode() not in got(client, export, contractor.staff, "manifest.json").body


def test_who_only_asks_for_the_size_has_fetched_nothing(client, contractor, export):
    client.force_login(contractor.staff)

    assert client.head(url(export))["Content-Length"] == str(export.size)

    assert not LedgerEvent.objects.filter(state=State.FETCHED, subject_ref=export.ref).exists()


def test_who_fetches_again_and_again_waits_an_hour(client, contractor, export):
    for _time in range(60):
        assert got(client, export, contractor.staff).status_code == 200

    response = got(client, export, contractor.staff)

    assert (response.status_code, "Wait an hour" in response.body.decode()) == (429, True)
    assert LedgerEvent.objects.filter(state=State.FETCHED, subject_ref=export.ref).count() == 60


@pytest.mark.parametrize("lost", ["", signatures.SUFFIX], ids=["file", "signature"])
def test_a_file_that_is_lost_is_said_to_both_sides_and_to_the_officers_once(client, contractor, export, lost):
    (runs.path_of(export).parent / f"{export.file_name}{lost}").unlink()

    for _time in range(2):
        response = got(client, export, contractor.staff, export.file_name + lost)

    assert (response.status_code, "The city has been told" in response.body.decode()) == (410, True)
    told = Message.objects.filter(template="privacy/emails/handover_officer", context__what="lost")
    assert {mail.to_ref for mail in told} == {contractor.officer.ref, contractor.second.ref}
    assert told.count() == 2
