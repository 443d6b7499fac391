"""Who gave no address gets the copy by post: an officer downloads it, locked with a password that is shown once."""

import io
from datetime import timedelta

import pytest
import pyzipper
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy import packages, requests
from privacy.models import AuditEvent, ProcessingRecord
from tests.factories import SubjectFactory
from tests.privacy.handover.sealed import tool

from .by_hand import granted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def officer(make_staff, client):
    person = make_staff("privacy officer")
    client.force_login(person)
    return person


def made(officer, *given, **named):
    """A request that was granted, with its copy made."""
    asked = granted(officer, *given, **named)
    packages.build_due()
    return asked


def page_of(client, asked):
    return client.get(reverse("admin:privacy_request_change", args=[asked.pk])).content.decode()


def url(asked):
    return reverse("admin:privacy_request_copy", args=[asked.pk])


def downloaded(client, asked):
    """(the answer, the password that stood on the page before it)"""
    password = client.get(url(asked)).context["password"]
    return client.post(url(asked), {"password": password}), password


@pytest.mark.req("R092", "R097", "R090", "R151")
@pytest.mark.parametrize("channel", ["paper", "telephone", "counter"])
@pytest.mark.parametrize(("kind", "file"), [("access", "index.html"), ("portability", "data.json")])
def test_the_officer_downloads_a_copy_that_opens_with_the_password_of_the_page_only(
    client, officer, kind, file, channel
):
    asked = made(officer, kind, channel=channel)
    assert url(asked) in page_of(client, asked)
    assert "still has to be sent by post" in page_of(client, asked)

    answer, password = downloaded(client, asked)

    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert b"canary of the letter" not in answer.content
    with pyzipper.AESZipFile(io.BytesIO(answer.content)) as archive:
        with pytest.raises(RuntimeError, match="password"):
            archive.read(file)
        archive.setpassword(password.encode())
        assert archive.testzip() is None
        assert b"canary of the letter" in archive.read(file)
        assert {(entry.wz_aes_version, entry.wz_aes_strength) for entry in archive.infolist()} == {(2, 3)}


@pytest.mark.req("R092")
def test_seven_zip_opens_it_and_refuses_another_password(client, officer, tmp_path):
    answer, password = downloaded(client, made(officer))
    path = tmp_path / "copy.zip"
    path.write_bytes(answer.content)

    assert tool("7z", "t", f"-p{password}", path).returncode == 0
    assert tool("7z", "t", f"-p{password[::-1]}", path).returncode == 2


@pytest.mark.req("R092", "R039", "R151")
def test_it_is_given_out_once_and_written_down_with_the_officer(client, officer):
    asked = made(officer)
    answer, password = downloaded(client, asked)

    assert url(asked) not in page_of(client, asked)
    assert client.get(url(asked)).status_code == 302
    elsewhere = Client()
    elsewhere.force_login(officer)
    assert elsewhere.post(url(asked), {"password": password}).status_code == 302
    said = AuditEvent.objects.filter(act="copy locked for a letter").get()
    assert (said.by, said.target) == (officer, f"privacy.request:{asked.pk}")
    assert ProcessingRecord.objects.get(surface="copy by letter").by_ref == officer.ref
    assert password not in str(list(AuditEvent.objects.values_list("details", flat=True)))
    # It broke off: the same page goes on, for an hour.
    assert client.post(url(asked), {"password": password})["Content-Type"] == "application/zip"
    an_hour_later = time_machine.travel(timezone.now() + timedelta(minutes=61))
    with an_hour_later, pytest.raises(ValidationError, match="no copy that waits"):
        requests.fetch_for_letter(asked, password, by=officer, has_begun=True)
    # Lost in the post: another one, for a reason.
    requests.allow_another_copy(asked, "The letter came back", by=officer)
    packages.build_due()
    again, _password = downloaded(client, asked)
    assert again["Content-Type"] == "application/zip"


@pytest.mark.req("R092")
@pytest.mark.parametrize("chosen", ["", "secret", "A" * 31, "a" * 32])
def test_nobody_chooses_the_password(client, officer, chosen):
    asked = made(officer)

    page = client.post(url(asked), {"password": chosen})

    assert page["Content-Type"].startswith("text/html")
    assert page.context["password"] not in ("", chosen)
    assert asked.packages.get().fetched_at is None


@pytest.mark.req("R092", "R151")
def test_who_gave_an_address_fetches_it_themselves_and_no_officer_does(client, officer):
    asked = made(officer, email="sato@elsewhere.example")

    assert url(asked) not in page_of(client, asked)
    assert client.get(url(asked)).status_code == 302
    assert client.post(url(asked), {"password": "A" * 32}).status_code == 302
    assert asked.packages.get().fetched_at is None


@pytest.mark.req("R092", "R049")
def test_the_auditor_downloads_nothing(client, officer, make_staff):
    asked = made(officer)
    client.force_login(make_staff("auditor"))

    assert url(asked) not in page_of(client, asked)
    assert client.get(url(asked)).status_code == 403
    assert client.post(url(asked), {"password": "A" * 32}).status_code == 403


@pytest.mark.req("R101")
def test_the_answer_and_the_letter_with_the_password_are_in_the_language_of_the_person(client, officer):
    english, japanese = made(officer), made(officer, language="ja")

    assert "It comes by post" in requests.draft_of_answer(english)
    assert "typed without the spaces" in client.get(url(english)).context["letter"]
    assert "郵送" in requests.draft_of_answer(japanese)
    assert "パスワード" in client.get(url(japanese)).context["letter"]


def test_a_copy_that_is_still_being_made_is_not_to_be_posted(client, officer):
    asked, _is_new = requests.receive(SubjectFactory(), "access", "", by=officer, channel="paper")
    packages.ask(asked.subject, "access", request=asked)

    assert url(asked) not in page_of(client, asked)
    assert client.get(url(asked)).status_code == 302
