"""What a privacy officer does on the page of a request."""

import re

from playwright.sync_api import expect


def find(officer, number):
    """Open a request from the queue. Returns what its row said."""
    officer.open("admin/privacy/request/")
    row = officer.page.get_by_role("row").filter(has_text=number)
    said = row.inner_text()
    row.get_by_role("link", name=number).click()
    return said


def act(officer, label, *choices):
    """Do one act of a row's page, with these boxes ticked; a box may name the article of the law as well."""
    officer.press(label)
    for choice in choices:
        name = re.compile(rf"^\s*{re.escape(officer.words(choice))}( \(.+\))?\s*$", re.IGNORECASE)
        officer.page.get_by_role("radio", name=name).or_(officer.page.get_by_role("checkbox", name=name)).check()
    officer.press(label)
    if officer.page.get_by_role("heading", name=officer.words("Is this right?")).count():
        officer.press(label)
    expect(officer.page.get_by_text(officer.words("Done, and recorded in the audit."))).to_be_visible()


def write_answer(officer, added):
    """Send the letter that the portal proposes, with a line more."""
    officer.press("Write the answer")
    letter = officer.field("Answer")
    expect(letter).to_contain_text(officer.words("We have done what you asked."))
    letter.fill(f"{letter.input_value()}\n\n{added}")
    officer.press("Write the answer")
    expect(officer.page.get_by_text(officer.words("Done, and recorded in the audit."))).to_be_visible()
