"""Receipts: their holder gets one, and anybody can see whether it is genuine (L01)."""

import base64
import json
import shutil
import subprocess

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy import consent, ledger
from privacy.ledger import keys, receipts
from privacy.ledger.receipts import Verdict
from privacy.models import LedgerLink, Matter, Recipient, Subject
from privacy.purposes import Purpose
from tests.factories import UserFactory
from tmgportal import stack

TOPIC = "campaigns"
VERIFY = "/en/receipts/verify/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def event(person):
    event = consent.give(person.subject, Purpose.NEWSLETTER, TOPIC, proof={"served": "日本"})
    # What a commit does.
    connection.check_constraints()
    return event


@pytest.fixture
def file(client, person, event):
    """The receipt as its holder downloads it."""
    client.force_login(person)
    answer = client.get(reverse("privacy:receipt-download", args=[event.ref]))
    client.logout()
    return answer.content


def verdict(client, language="en", **data):
    answer = client.post(f"/{language}/receipts/verify/", data)
    return answer, answer.context["verdict"]


# ---- getting one ----


@pytest.mark.req("L01")
def test_a_receipt_holds_the_event_as_the_ledger_does(file, event):
    receipt = json.loads(file)["receipt"]

    assert receipt["format"] == "consent-receipt/1"
    assert (receipt["event"], receipt["subject"]) == (str(event.ref), str(event.subject_ref))
    assert (receipt["matter"], receipt["state"], receipt["purpose"], receipt["topic"]) == (
        "consent",
        "given",
        "newsletter",
        TOPIC,
    )
    assert (receipt["version"], receipt["version_hash"]) == (event.version, event.version_hash)
    assert receipt["at"] == event.at.isoformat()
    assert receipt["proof"] == event.proof
    assert receipt["chain"] == bytes(event.link.hash).hex()


@pytest.mark.req("L01")
def test_a_receipt_comes_as_a_file(client, person, event):
    client.force_login(person)

    answer = client.get(f"/ja/privacy-centre/receipts/{event.ref}/")

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{event.ref}.json"'
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.req("L01", "R043")
@pytest.mark.parametrize("who", ["somebody else", "an officer"])
def test_a_receipt_of_somebody_else_does_not_exist(client, event, make_staff, settings, who):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(UserFactory() if who == "somebody else" else make_staff("privacy officer"))

    assert client.get(f"/en/privacy-centre/receipts/{event.ref}/").status_code == 404


@pytest.mark.req("R151")
def test_a_receipt_asks_for_a_log_in(client, event):
    answer = client.get(f"/en/privacy-centre/receipts/{event.ref}/")

    assert answer["Location"].startswith("/en/account/login/")


# ---- checking one ----


@pytest.mark.req("L01")
@pytest.mark.parametrize("way", ["file", "text", "text of a form", "laid out anew"])
def test_anybody_learns_what_a_genuine_receipt_says(client, file, event, way):
    text = file.decode()
    handed_in = {
        "file": {"file": SimpleUploadedFile("receipt.json", b"\xef\xbb\xbf" + file)},
        "text": {"text": text},
        "text of a form": {"text": text.replace("\n", "\r\n")},
        "laid out anew": {"text": json.dumps(json.loads(text), indent=4)},
    }[way]

    answer, found = verdict(client, **handed_in)

    assert found == "genuine"
    said = answer.content.decode()
    assert "nobody has changed it since" in said
    assert "The same event stands in our ledger" in said
    assert str(event.ref) in said
    assert str(Purpose.NEWSLETTER.label) in said


@pytest.mark.req("L01")
def test_the_answer_is_in_the_language_of_the_page(client, file):
    answer, _found = verdict(client, "ja", text=file.decode())

    with translation.override("ja"):
        assert str(Matter.CONSENT.label) in answer.content.decode()


def altered(file, name, value):
    loaded = json.loads(file)
    loaded["receipt"][name] = value
    return json.dumps(loaded)


def signed_by_another(file):
    loaded = json.loads(file)
    loaded["key"] = loaded["key"][:-8] + "00000000"
    return json.dumps(loaded)


@pytest.mark.req("L01")
@pytest.mark.parametrize(
    ("change", "answer", "words"),
    [
        (lambda file: altered(file, "state", "refused"), "altered", "changed after we made it"),
        (lambda file: altered(file, "at", "2001-01-01T00:00:00+00:00"), "altered", "changed after we made it"),
        (lambda file: altered(file, "extra", 1), "altered", "changed after we made it"),
        (lambda file: file.replace('"signature":"', '"signature":"AAAA'), "altered", "changed after we made it"),
        (signed_by_another, "not ours", "names a key that this website has never used"),
        (lambda file: altered(file, "format", "receipt/9"), "not ours", "names a key that this website has never used"),
        (lambda file: "", "unreadable", ""),
        (lambda file: file[:-20], "unreadable", "not a receipt, or a part of it is missing"),
        (lambda file: "[1, 2]", "unreadable", "not a receipt, or a part of it is missing"),
        (lambda file: '{"receipt": 1, "key": 2, "signature": 3}', "unreadable", "not a receipt"),
        (lambda file: file.replace('"state":', '"state":"refused","state":'), "unreadable", "not a receipt"),
        (lambda file: "[" * 30_000, "unreadable", "not a receipt, or a part of it is missing"),
        (lambda file: file + " " * 40_000, "unreadable", "not a receipt, or a part of it is missing"),
        (lambda file: file.replace('"version":1', '"version":1e999'), "unreadable", "not a receipt"),
        (lambda file: file.replace('"version":1', '"version":NaN'), "unreadable", "not a receipt"),
        (lambda file: file.replace('"en"', '"\\ud800"'), "unreadable", "not a receipt"),
        (lambda file: file.replace('"key":"', '"key":"\\ud800'), "unreadable", "not a receipt"),
    ],
)
def test_every_other_file_gets_its_clear_answer(client, file, change, answer, words):
    changed = change(file.decode())
    before = LedgerLink.objects.count()

    page, found = verdict(client, file=SimpleUploadedFile("receipt.json", changed.encode() or b" "))

    assert found == answer
    assert words in page.content.decode()
    assert "What it says" not in page.content.decode()
    assert LedgerLink.objects.count() == before


@pytest.mark.req("L01")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_changed_byte_leaves_it_genuine(file, data):
    position, other = data.draw(st.integers(0, len(file) - 1)), data.draw(st.integers(1, 255))
    changed = file[:position] + bytes([file[position] ^ other]) + file[position + 1 :]
    text = changed.decode("utf-8", errors="replace")

    answer = receipts.check(text)

    # Blanks between the parts of JSON mean nothing.
    is_same = answer.verdict == Verdict.GENUINE and answer.receipt == json.loads(file)["receipt"]
    assert is_same or answer.receipt is None


@settings(max_examples=100, deadline=None)
@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_nothing_that_is_handed_in_breaks_the_check(text):
    assert receipts.check(text).verdict == Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose the file of the receipt, or paste its text below."),
        ({"file": SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\x00")}, "This is not a receipt"),
    ],
)
def test_the_form_says_what_it_needs(client, data, said):
    assert said in client.post(VERIFY, data).content.decode()


@pytest.mark.req("L01")
def test_a_receipt_proves_also_after_the_person_is_gone(client, file, person):
    subject = person.subject
    person.delete()
    Subject.objects.filter(pk=subject.pk).delete()

    assert verdict(client, text=file.decode())[1] == "genuine"


@pytest.mark.req("L01")
def test_a_genuine_receipt_that_the_ledger_does_not_hold_points_at_the_ledger(client, file):
    receipt = json.loads(file)["receipt"] | {"event": "00000000-0000-4000-8000-000000000000"}

    answer, found = verdict(client, text=receipts.signed(receipt).decode())

    assert found == "genuine"
    assert "it is our ledger that needs to be looked into" in answer.content.decode()


@pytest.mark.req("L01")
def test_a_receipt_of_a_former_key_is_still_genuine(client, file, settings):
    settings.LEDGER_FORMER_KEYS = [keys.public().verifier_key]
    settings.LEDGER_SIGNING_KEY = stack.random_seed()

    assert verdict(client, text=file.decode())[1] == "genuine"

    settings.LEDGER_FORMER_KEYS = []
    assert verdict(client, text=file.decode())[1] == "not ours"


@pytest.mark.parametrize("act", ["opt-out", "paper", "old words"])
def test_receipts_of_every_kind_are_put_into_words(client, person, act):
    recipient = Recipient.objects.first()
    match act:
        case "opt-out":
            event, said = consent.opt_out(person.subject, recipient.code), recipient.name_en
        case "paper":
            event = consent.restrict(person.subject, method="paper", actor="guardian")
            said = "a parent or guardian"
        case "old words":
            event = ledger.append(person.ref, "a matter", "a state", topic="a topic", method="telegram")
            said = "a matter"
    connection.check_constraints()

    answer, found = verdict(client, text=receipts.signed(receipts.receipt_of(event)).decode())

    assert found == "genuine"
    assert said in answer.content.decode()


# ---- without us ----


@pytest.fixture
def published(client):
    answer = client.get("/.well-known/consent-ledger-key.pem")
    assert answer["Content-Type"] == "application/x-pem-file"
    return answer.content


@pytest.mark.req("L01")
def test_the_published_key_verifies_a_receipt(file, published):
    loaded = json.loads(file)
    signature = base64.b64decode(loaded["signature"])
    canonical = json.dumps(loaded["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    load_pem_public_key(published).verify(signature, canonical)
    with pytest.raises(InvalidSignature):
        load_pem_public_key(published).verify(signature, canonical.replace(b"given", b"taken"))


# As docs/receipts.md says.
BY_HAND = """
sed -n 2p receipt.json | tr -d '\\n' > receipt.signed
sed -n 's/.*"signature":"\\(.*\\)".*/\\1/p' receipt.json | base64 -d > receipt.signature
openssl pkeyutl -verify -pubin -inkey consent-ledger-key.pem -rawin \\
    -in receipt.signed -sigfile receipt.signature
"""


@pytest.mark.req("L01")
def test_the_documented_commands_are_those_that_are_tried():
    for path in ("docs/receipts.md", "templates/privacy/receipt_keys.html"):
        assert BY_HAND.strip() in (stack.BASE_DIR / path).read_text()


if shutil.which("openssl"):

    @pytest.mark.req("L01")
    @pytest.mark.parametrize(("change", "code"), [(b"given", 0), (b"taken", 1)])
    def test_openssl_verifies_a_receipt(file, published, tmp_path, change, code):
        (tmp_path / "receipt.json").write_bytes(file.replace(b"given", change))
        (tmp_path / "consent-ledger-key.pem").write_bytes(published)

        done = subprocess.run(["/bin/sh", "-c", BY_HAND], cwd=tmp_path, capture_output=True, text=True, check=False)

        assert done.returncode == code, done.stderr
        assert ("Signature Verified Successfully" in done.stdout) == (code == 0)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_keys_are_on_a_page_for_everybody(client, settings, language):
    former = keys.public().verifier_key
    settings.LEDGER_SIGNING_KEY = stack.random_seed()
    settings.LEDGER_FORMER_KEYS = [former]

    page = client.get(f"/{language}/receipts/keys/").content.decode()

    assert keys.public().pem in page
    assert keys.public().verifier_key in page
    assert former in page
