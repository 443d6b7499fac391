"""Papers for a request: sent once, by who was asked, taken for what they are, sealed, and opened by one role."""

import io
import subprocess
import sys

import pytest
from django.urls import reverse
from PIL import Image

from outbox.models import Message
from privacy import requests
from privacy.encryption import place, unseal
from privacy.models import AuditEvent, ProcessingRecord, RequestState, SealedPaper, Step
from privacy.requests import papers
from tests.factories import make_member

# Prints the megabytes that a process needed at most to take a picture.
MEMORY = """
import os, re, sys
from pathlib import Path
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django
django.setup()
from privacy.requests import papers
papers.checked(open(sys.argv[1], "rb"))
status = Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1000)
"""
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"


def picture(form="JPEG", size=(40, 30), **options):
    out = io.BytesIO()
    Image.new("RGBA" if form == "PNG" else "RGB", size, "white").save(out, form, **options)
    return out.getvalue()


def upload(content, name="passport.pdf", content_type="application/pdf"):
    file = io.BytesIO(content)
    file.name = name
    file.content_type = content_type
    return {"file": file}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def person(db):
    return make_member()


@pytest.fixture
def asked(person, make_staff):
    """An officer doubts who asks."""
    request, _is_new = requests.receive(person.subject, "rectification", "", by=None, channel="form")
    requests.ask_document(request, by=make_staff("privacy officer"))
    return request


def own_page(asked):
    return reverse("privacy:paper", args=[asked.ref])


def errors(response):
    return response.context["form"].errors.get("file", [])


@pytest.mark.req("R099")
def test_who_was_asked_sends_a_document_which_is_kept_sealed(client, person, asked):
    client.force_login(person)
    assert own_page(asked) in client.get(reverse("privacy:request", args=[asked.ref])).content.decode()

    response = client.post(own_page(asked), upload(PDF))

    assert response.status_code == 302
    paper = SealedPaper.objects.get()
    assert (paper.request, paper.kind, paper.media_type, paper.size) == (asked, "identity", papers.PDF, len(PDF))
    assert PDF not in bytes(paper.content)
    assert unseal(bytes(paper.content), place(paper, "content")) == PDF
    # The officer looks at it, and settles who asks.
    assert asked.newest.state == RequestState.IDENTITY
    assert own_page(asked) not in client.get(reverse("privacy:request", args=[asked.ref])).content.decode()


@pytest.mark.req("R099")
def test_who_was_not_asked_sends_nothing(client, person):
    request, _is_new = requests.receive(person.subject, "rectification", "", by=person)
    client.force_login(person)

    assert "not waiting for a file" in client.get(own_page(request)).content.decode()
    response = client.post(own_page(request), upload(PDF))

    assert "We are not waiting for a file" in errors(response)[0]
    assert not SealedPaper.objects.exists()


@pytest.mark.req("R151")
def test_what_nobody_asked_for_is_not_even_looked_at(client, person):
    request, _is_new = requests.receive(person.subject, "rectification", "", by=person)
    client.force_login(person)

    response = client.post(own_page(request), upload(picture()[:200]))

    assert "We are not waiting for a file" in errors(response)[0]


def test_nobody_sends_a_second_one_until_it_is_asked_for_again(client, person, asked, make_staff):
    client.force_login(person)
    client.post(own_page(asked), upload(PDF))

    response = client.post(own_page(asked), upload(PDF))

    assert "If you have sent one already, we have it." in errors(response)[0]
    assert SealedPaper.objects.count() == 1
    requests.ask_document(asked, "It cannot be read.", by=make_staff("privacy officer"))
    assert client.post(own_page(asked), upload(PDF)).status_code == 302


def test_evidence_completes_a_request(client, person, make_staff):
    request, _is_new = requests.receive(person.subject, "rectification", "", by=person)
    requests.ask_completion(request, "Which data?", by=make_staff("privacy officer"))
    client.force_login(person)

    client.post(own_page(request), upload(picture(), "evidence.jpg"))

    assert SealedPaper.objects.get().kind == "evidence"
    assert (request.newest.step, request.newest.state, request.newest.by) == (
        Step.COMPLETED,
        RequestState.REVIEW,
        person,
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"%PDF-" + b"0" * (5 * 1024 * 1024), "smaller than 5 MB"),
        (b"<html><script>alert(1)</script>", "Choose a PDF, JPEG or PNG file"),
        (b"\x89PNG\r\n\x1a\n" + b"-" * 60, "Choose a PDF, JPEG or PNG file"),
        (picture("GIF"), "Choose a PDF, JPEG or PNG file"),
        (picture(size=(400, 300))[:900], "This picture is damaged"),
        (picture("PNG", size=(6000, 5000)), "24 million pixels"),
    ],
)
def test_what_is_no_paper_is_refused_in_words_and_the_form_stays(client, person, asked, content, said):
    client.force_login(person)

    response = client.post(own_page(asked), upload(content, "passport.pdf"))

    assert said in errors(response)[0]
    assert 'type="file"' in response.content.decode()
    assert not SealedPaper.objects.exists()


def test_no_file_is_said_in_the_language_of_the_reader(client, person, asked):
    client.force_login(person)

    response = client.post(own_page(asked).replace("/en/", "/ja/"), {})

    assert "ファイルを選択してください" in response.content.decode()


def test_a_picture_is_drawn_afresh_and_nothing_hidden_in_it_is_kept(person, asked):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    papers.send(asked, io.BytesIO(picture(exif=exif) + b"hidden behind the end"))

    paper = SealedPaper.objects.get()
    kept = unseal(bytes(paper.content), place(paper, "content"))
    assert paper.media_type == papers.JPEG
    assert b"taken at home" not in kept
    assert b"hidden" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


@pytest.mark.req("R099")
def test_who_has_no_account_sends_it_by_the_link_in_the_mail(client, make_staff, db):
    from privacy.models import Subject

    subject = Subject.objects.create(language="en")
    request, _is_new = requests.receive(subject, "access", "", by=None, channel="paper", email="me@elsewhere.example")
    requests.ask_document(request, by=make_staff("privacy officer"))
    token = Message.objects.get(template="privacy/emails/request_letter").context["paper"]
    url = reverse("privacy:paper-by-link", args=[token])

    assert request.number in client.get(url).content.decode()
    response = client.post(url, upload(PDF))

    assert "We have your file" in response.content.decode()
    assert SealedPaper.objects.get().request == request
    assert client.get(url[:-3] + "x/").status_code == 404


def test_nobody_sends_for_somebody_else(client, asked):
    client.force_login(make_member())

    assert client.get(own_page(asked)).status_code == 404
    assert client.post(own_page(asked), upload(PDF)).status_code == 404


@pytest.fixture
def paper(asked):
    return papers.send(asked, io.BytesIO(PDF))


def file_url(paper):
    return reverse("admin:privacy_request_paper", args=[paper.request_id, paper.pk])


@pytest.mark.req("R099", "R151")
def test_an_officer_opens_it_as_a_file_that_runs_nowhere_and_that_is_recorded(client, make_staff, paper):
    officer = make_staff("privacy officer")
    client.force_login(officer)
    page = client.get(reverse("admin:privacy_request_change", args=[paper.request_id])).content.decode()
    assert file_url(paper) in page

    response = client.get(file_url(paper))

    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.filter(act="paper read", by=officer, target=f"privacy.sealedpaper:{paper.pk}").exists()
    assert ProcessingRecord.objects.filter(surface="admin privacy.sealedpaper", by_ref=officer.ref).exists()


@pytest.mark.req("R099", "R049")
@pytest.mark.parametrize("role", ["administrator", "auditor", "registration reviewer", "contractor operations"])
def test_nobody_else_opens_it(client, make_staff, paper, role):
    client.force_login(make_staff(role))

    assert client.get(file_url(paper)).status_code == 403
    assert not AuditEvent.objects.filter(act="paper read").exists()


def test_once_it_is_deleted_there_is_nothing_to_open(client, make_staff, paper):
    from django.utils import timezone

    SealedPaper.objects.update(content=b"", emptied_at=timezone.now())
    client.force_login(make_staff("privacy officer"))

    assert client.get(file_url(paper)).status_code == 410


def test_an_officer_adds_what_came_on_paper(client, make_staff, asked):
    client.force_login(make_staff("privacy officer"))
    url = reverse("admin:privacy_request_paper_add", args=[asked.pk])

    refused = client.post(url, upload(b"MZ") | {"kind": "mandate"})
    taken = client.post(url, upload(PDF) | {"kind": "mandate"})

    assert errors(refused) == ["Choose a PDF, JPEG or PNG file"]
    assert refused.context["form"]["kind"].value() == "mandate"
    assert taken.status_code == 302
    assert SealedPaper.objects.get().kind == "mandate"


@pytest.mark.req("R151")
def test_a_paper_of_a_request_that_is_not_there_is_not_found(client, make_staff):
    client.force_login(make_staff("privacy officer"))

    assert client.get(reverse("admin:privacy_request_paper", args=[999_999, 1])).status_code == 404


@pytest.mark.req("R151")
@pytest.mark.parametrize(("mode", "form"), [("RGBA", "PNG"), ("LA", "PNG"), ("CMYK", "JPEG")])
def test_the_largest_pictures_fit_with_the_whole_portal_into_350_megabytes(tmp_path, mode, form):
    path = tmp_path / "largest"
    Image.new(mode, (6000, 4000)).save(path, form)

    process = subprocess.run([sys.executable, "-c", MEMORY, path], capture_output=True, text=True, check=True)

    assert int(process.stdout) < 350


@pytest.mark.req("R099")
def test_a_paper_is_never_written_to_the_disk_unsealed(rf):
    """As much as the proxy lets through: what is too large may show as much as what is taken."""
    file = rf.post("/", upload(PDF + b"x" * 19_000_000)).FILES["file"]

    assert type(file).__name__ == "InMemoryUploadedFile"
