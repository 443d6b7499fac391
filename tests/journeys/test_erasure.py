"""Somebody whose data the contractor has opened has them deleted: here, and by a recall there (R094, L03).

They ask in the privacy centre, an officer grants it and lets it be done at once, the contractor opens the recall and
says so, and the other side sees the business without the person.
"""

import csv
import io
import json
import re

import pyrage
import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from playwright.sync_api import expect

from tmgportal.supervisor import wait_until

from . import officers
from .test_handover import DESK, OFFICER, open_it

ACROSS = "paris@demo.example"
TOLD = "These received data of yours from us earlier. They are asked to delete them, and have to confirm it:"
GROUND = "the consent was taken back, and nothing else permits the use"
# {language: (address, what they say, what the officer adds to the answer)}
LEAVING = {
    "en": ("mio@sanbashi.example", "I have left the inn.", "With kind regards."),
    "ja": ("mio@todai.example", "宿を辞めました。", "よろしくお願いいたします。"),
}


def ask_for_deletion(person, said):
    """Returns the number of the request."""
    person.open("privacy-centre/")
    person.press("Ask for a copy, a correction or deletion")
    person.prove_who_they_are()
    person.tick("Delete my data and close my account")
    person.fill("What should we know?", said)
    person.tick("Yes")
    person.press("Send the request")
    asked = person.page.get_by_role("region", name=person.words("Your requests"))
    return asked.get_by_role("link").first.inner_text()


def grant_at_once(officer, number, added):
    """From the queue to the deletion that waits no longer."""
    officers.find(officer, number)
    officers.act(officer, "Begin the review")
    officers.act(officer, "Decide", "Granted", GROUND)
    officers.write_answer(officer, added)
    officer.open("admin/privacy/erasure/")
    officer.page.get_by_role("rowheader").get_by_role("link").first.click()
    officer.reads(number)
    officers.act(officer, "Delete now, without waiting")


def recall_for(desk):
    """The page of the recall that waits for the contractor's desk, without the language."""
    waiting = desk.page.get_by_role("row").filter(has_text=desk.words("Waits to be fetched"))

    def is_there():
        desk.open("admin/privacy/export/?kind__exact=recall")
        return waiting.count() == 1

    desk.portal.ring("privacy.tasks.build_hand_overs")
    assert wait_until(is_there, 20), desk.portal.worker.last_lines()
    waiting.get_by_role("link").first.click()
    desk.reads("Recall: to delete, correct or restrict")
    return desk.page.url.partition(f"/{desk.language}/")[2]


def is_listed(desk, page, stage):
    """The recall stands in the contractor's list, with the day on which it was asked for."""
    desk.open("admin/privacy/export/?kind__exact=recall")
    link = desk.page.locator(f"a[href*='{page.partition('?')[0]}']")
    row = desk.page.get_by_role("row").filter(has=link)
    with translation.override(desk.language):
        expect(row).to_contain_text(date_format(timezone.localdate()))
    expect(row).to_contain_text(desk.words(stage))


def is_refused(person, email):
    """Neither the session nor the password is worth anything now."""
    person.open("privacy-centre/")
    person.sees("Sign in")
    person.fill("Email address", email)
    person.fill_password(person.password)
    person.press("Sign in")
    person.sees("Sign in")
    expect(person.page).to_have_url(re.compile("/account/login/"))


@pytest.mark.req("R094", "L03")
@pytest.mark.parametrize("language", LEAVING)
def test_a_deletion_reaches_what_the_contractor_has_opened(visitor, portal, language):
    email, said, added = LEAVING[language]
    known = json.loads(portal.run("-m", "tests.journeys.handed_over", email, language))
    portal.world["passwords"][email] = known["password"]
    person, officer, desk, across = (visitor(language) for _number in range(4))
    for somebody, address in ((person, email), (officer, OFFICER), (desk, DESK), (across, ACROSS)):
        somebody.sign_in(address)
    across.open(f"partners/{known['listing']}/")
    across.reads(known["contact"])

    number = ask_for_deletion(person, said)
    grant_at_once(officer, number, added)
    portal.ring("privacy.tasks.run_erasures")
    certificate = person.mail(email, person.words("Your data are deleted"))
    assert person.words(TOLD) in certificate

    page = recall_for(desk)
    table = open_it(officer, desk, page, pyrage.x25519.Identity.from_str(known["identity"]))["recall.csv"]
    assert list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")))) == [
        {"row": str(known["row"]), "action": "erase"}
    ]
    officer.open(page)
    officer.reads(known["export"])
    officer.reads("Opened")
    is_listed(desk, page, "Opened")

    is_refused(person, email)
    across.open(f"partners/{known['listing']}/")
    across.reads("This business shows no contact data. Write through the portal.")
    assert known["contact"] not in across.page.content()
    assert email not in across.page.content()
