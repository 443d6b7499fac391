"""Somebody without an account asks for a copy of their data: from the form to the archive in their hands (R092, R099).

They prove the address, an officer answers from the queue, the worker makes the copy, and a fresh code opens it.
"""

import json
import re
import zipfile

import pytest
from django.utils import translation
from playwright.sync_api import expect

from privacy.models import RequestState
from tmgportal.supervisor import wait_until

from . import officers

OFFICER = "officer@city.example"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# {language: (address, name, what they wrote to the secretariat, what the officer adds to the answer)}
ASKING = {
    "en": ("ines@lisbon.example", "Ines Exemplo", "Is there a map of the moorings?", "With kind regards."),
    "ja": ("sakura@yanaka.example", "谷中 さくら", "船着場の地図はありますか。", "よろしくお願いいたします。"),
}
OTHER = ("kenji@ueno.example", "上野 健二", "My letter is for nobody else to read.")
SCREENS = {"en": {}, "ja": PHONE}
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def write_to_the_secretariat(person, email, name, message):
    person.open("inquiries/")
    person.tick("A general question")
    person.fill("Your name", name)
    person.fill("Your email address", email)
    person.fill("Your message", message)
    person.press("Send")
    person.sees("Your message has arrived")


def fact(person, name):
    """What stands beside `name` in the facts of the page."""
    beside = person.page.locator("dt", has_text=re.compile(rf"^{re.escape(person.words(name))}$")).locator("+ dd")
    return beside.inner_text()


def stands_at(person, state):
    with translation.override(person.language):
        word = str(state.label)
    expect(person.page.get_by_role("region", name=person.words("Where it stands"))).to_contain_text(word)


def ask_for_a_copy(person, email, name):
    """Returns the request's number, the day of the answer, and the address of its page."""
    person.open("requests/new/")
    person.tick("A copy of my data")
    person.fill("Your name", name)
    person.fill("Your email address", email)
    person.tick("No")
    person.press("Send the request")
    person.sees("Enter the code")
    person.type_code(email, person.words("A code for your request"))
    person.sees("Your request has arrived")
    number, day = fact(person, "Number"), fact(person, "You get an answer by")
    mail = person.mail(email, person.words("We have received your request %(number)s", number=number))
    return number, day, re.search(r"http\S+/requests/by-link/\S+", mail)[0]


def answer(officer, number, day, added):
    """From the queue to the end: reviewed, granted, answered, closed."""
    assert day in officers.find(officer, number)
    officer.reads("Who asks: %(how)s.", how=officer.words("code sent to the registered address"))
    officers.act(officer, "Confirm that you look after it")
    officers.act(officer, "Begin the review")
    officers.act(officer, "Decide", "Granted")
    officers.write_answer(officer, added)
    officers.act(officer, "Close the request")
    officer.open("admin/privacy/request/")
    expect(officer.page.get_by_role("row").filter(has_text=number)).to_have_count(0)


def fetch(person, email, page):
    """The archive, opened, for a fresh code: {name: text}."""

    def is_ready():
        person.open(page)
        return person.page.get_by_role("button", name=person.words("Fetch the copy")).count() > 0

    person.portal.ring("privacy.tasks.build_copies")
    assert wait_until(is_ready, 20), person.portal.worker.last_lines()
    person.press("Send me a code")
    person.reads("We have sent a code to the address of your request.")
    with person.page.expect_download() as download:
        person.type_code(email, person.words("A code for your request"), count=2, button="Fetch the copy")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.req("R090", "R092", "R099", "R101")
@pytest.mark.parametrize("language", ASKING)
def test_who_has_no_account_gets_a_copy_of_their_data_and_of_nobody_elses(visitor, language):
    email, name, message, added = ASKING[language]
    person, officer = visitor(language, **SCREENS[language]), visitor(language)
    write_to_the_secretariat(visitor(language), *OTHER)
    write_to_the_secretariat(person, email, name, message)

    number, day, page = ask_for_a_copy(person, email, name)
    person.open(page)
    person.reads("We answer by %(day)s at the latest.", day=day)
    stands_at(person, RequestState.RECEIVED)

    officer.sign_in(OFFICER)
    answer(officer, number, day, added)

    letter = person.mail(email, person.words("Your request %(number)s: a letter from us", number=number))
    assert added in letter
    assert page in letter
    files = fetch(person, email, page)
    assert set(files) == {"index.html", "data.json"}
    data = json.loads(files["data.json"])
    told = {kind["kind"]: kind["records"] for kind in data["kinds"]}
    assert [entry["text"] for entry in told["inquiries.entry"]] == [message]
    assert set(ADDRESS.findall(files["data.json"])) == {email}
    for text in files.values():
        assert message in text
        assert not [others for others in OTHER if others in text]

    # An interrupted download may begin again in the same browser, and in no other.
    elsewhere = visitor(language)
    elsewhere.open(page)
    elsewhere.reads(added)
    stands_at(elsewhere, RequestState.CLOSED)
    expect(elsewhere.page.get_by_role("button", name=elsewhere.words("Fetch the copy"))).to_have_count(0)
