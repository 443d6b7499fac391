"""A key is confirmed, a rehearsal opened, and then operators are handed over: one officer asks, another releases, the
worker seals, the recipient's staff fetch and open it with programs that we did not write (R060-R067)."""

import csv
import hashlib
import io

import pyrage
import pytest
import pyzipper
from playwright.sync_api import expect

from privacy.handover.bundle import fingerprint
from tmgportal.supervisor import wait_until

OFFICER, SECOND, DESK = "officer@city.example", "second@city.example", "desk@contractor.example"
AT_THE_TELEPHONE = "見本 花子"


@pytest.fixture
def people(visitor):
    """`people(language)`: (the officer who asks, the one who releases, the recipient's desk), all signed in."""

    def sign_in(language):
        signed_in = []
        for address in (OFFICER, SECOND, DESK):
            signed_in.append(visitor(language))
            signed_in[-1].sign_in(address)
        return signed_in

    return sign_in


def enter(person, **values):
    """Into the fields of a form of the admin, by their names."""
    for name, value in values.items():
        field = person.page.locator(f"#id_{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def act(person, label, within=None):
    """Choose an act on the page of a row, and confirm it."""
    person.press(label)
    enter(person, **(within or {}))
    person.press(label)
    expect(person.page.get_by_text(person.words("Done, and recorded in the audit."))).to_be_visible()


def confirm_a_key(officer, identity):
    public = str(identity.to_public())
    officer.open("admin/privacy/recipientkey/add/")
    enter(officer, recipient="contractor", public_key=public, telephone="+81 3-5550-0100")
    enter(officer, expires_at="2030-01-01T12:00")
    officer.page.locator("input[name=_continue]").click()
    assert fingerprint(public) not in officer.page.content()
    act(
        officer,
        "Confirm the fingerprint",
        {"fingerprint": fingerprint(public).upper(), "confirmed_with": AT_THE_TELEPHONE},
    )
    assert fingerprint(public) in officer.page.content()


def ask(officer, kind):
    """Returns the address of the hand-over, without the language."""
    officer.open("admin/privacy/export/add/")
    officer.page.locator("#id_profile").select_option(index=1)
    enter(officer, kind=kind, reason="Calls of this month")
    officer.page.locator("input[name=_continue]").click()
    return officer.page.url.partition(f"/{officer.language}/")[2]


def await_stage(person, page, stage):
    def reached():
        person.open(page)
        return person.page.get_by_text(person.words(stage), exact=True).count() > 0

    assert wait_until(reached, 30), person.portal.worker.last_lines()


def fetch(desk, page):
    """The sealed file, as the browser saves it."""
    desk.open(page)
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=".zip.age", exact=False).first.click()
    return download.value.path().read_bytes()


def open_it(officer, desk, page, identity):
    """Fetched, confirmed, the password read out, opened, acknowledged. Returns {name: content}."""
    await_stage(officer, page, "Waits to be fetched")
    sealed = fetch(desk, page)
    desk.open(page)
    desk.press("Confirm the digest")
    enter(desk, digest="0" * 64)
    desk.press("Confirm the digest")
    desk.reads("This is not the digest of the file. Fetch it again, and compare.")
    enter(desk, digest=hashlib.sha256(sealed).hexdigest())
    desk.press("Confirm the digest")
    expect(desk.page.get_by_role("link", name=".zip.age", exact=False)).to_have_count(0)

    officer.open(page)
    officer.press("Read out the password")
    enter(officer, told_to=AT_THE_TELEPHONE)
    officer.press("Show the password once")
    password = officer.page.locator("code.spoken").inner_text().replace(" ", "")
    officer.open(page)
    expect(officer.page.get_by_text(officer.words("Read out the password"))).to_have_count(0)

    with pyzipper.AESZipFile(io.BytesIO(pyrage.decrypt(sealed, [identity]))) as archive:
        archive.setpassword(password.encode())
        members = {name: archive.read(name) for name in archive.namelist()}
    desk.open(page)
    act(desk, "Confirm that it was opened")
    return members


@pytest.mark.req("R060", "R061", "R062", "R065", "R067")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_two_officers_hand_over_what_only_the_recipient_can_open(people, language):
    officer, second, desk = people(language)
    identity = pyrage.x25519.Identity.generate()
    confirm_a_key(officer, identity)

    rehearsal = ask(officer, "rehearsal")
    assert "訓練" in open_it(officer, desk, rehearsal, identity)["operators.csv"].decode("utf-8-sig")

    page = ask(officer, "provision")
    expect(officer.page.get_by_text(officer.words("Release as second officer"))).to_have_count(0)
    second.open(page)
    act(second, "Release as second officer")
    members = open_it(officer, desk, page, identity)

    rows = list(csv.DictReader(io.StringIO(members["operators.csv"].decode("utf-8-sig"))))
    assert any(row["contact_email"] for row in rows)
    assert all(row["business_name"] for row in rows)
    desk.open(page)
    act(desk, "Confirm the destruction")
    desk.reads("Destroyed")
