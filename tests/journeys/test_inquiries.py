"""Somebody without a log-in complains, proves the address, and reads the answer of staff in their language."""

import pytest
from playwright.sync_api import expect

SENDER, STAFF = "hanako@sumida.example", "staff@city.example"
MESSAGE = "頼んでいないメールが届きました。"
ANSWER = "ご連絡ありがとうございます。配信を止めました。"


@pytest.mark.req("R021", "R100")
def test_a_complaint_is_sent_proved_and_answered(visitor):
    sender = visitor("ja", java_script_enabled=False)
    sender.open("contact/")
    sender.page.get_by_role("link", name="個人情報の取扱いに関する苦情を申し出る").click()
    sender.fill("Your email address", SENDER)
    sender.fill("Your message", MESSAGE)
    sender.press("Send")
    sender.type_code(SENDER)
    sender.sees("Your message has arrived")
    number = sender.page.locator("dl.facts dd").first.inner_text()
    assert MESSAGE not in sender.mail(SENDER, number)

    staff = visitor("en")
    staff.sign_in(STAFF)
    staff.open("admin/inquiries/inquiry/?kind__exact=privacy")
    staff.page.get_by_role("link", name=number).click()
    expect(staff.page.locator("#content")).to_contain_text(MESSAGE)
    staff.page.get_by_role("link", name="Answer", exact=True).click()
    staff.page.get_by_role("link", name="Complaint about personal data").click()
    expect(staff.field("Answer")).to_contain_text("苦情をお寄せいただき")
    staff.fill("Answer", ANSWER)
    staff.page.get_by_role("button", name="Answer").click()

    expect(staff.page.locator("#content")).to_contain_text(ANSWER)
    assert ANSWER in sender.mail(SENDER, sender.words("Our answer to %(number)s", number=number))
