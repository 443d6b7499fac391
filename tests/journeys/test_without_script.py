"""Everything that matters works in a browser without JavaScript."""

import pytest
from playwright.sync_api import expect

from .test_registering import introduce, register_abroad, register_in_tokyo, send


@pytest.mark.req("R135")
def test_both_registrations_are_sent_without_script(visitor):
    ryokan, operator = visitor("ja", java_script_enabled=False), visitor("en", java_script_enabled=False)

    register_in_tokyo(ryokan, "okami@tamagawa.example")
    assert send(ryokan).startswith("TB-")
    register_abroad(operator, "jean@pontmarie.example")
    assert send(operator).startswith("TB-")


def test_another_language_keeps_the_page_and_what_was_typed_without_script(visitor, portal):
    applicant = visitor("en", java_script_enabled=False)
    applicant.sign_in("applicant@demo.example")
    step = f"registration/{portal.world['records']['applicant@demo.example']['registration']}/business/"
    applicant.open(step)
    applicant.fill("number of employees", "about twelve")

    applicant.press("日本語", within=applicant.page.get_by_role("banner"))
    applicant.language = "ja"

    applicant.sees("Your business")
    assert f"/ja/{step}" in applicant.page.url
    expect(applicant.field("number of employees")).to_have_value("about twelve")


@pytest.mark.req("R135")
def test_an_introduction_is_sent_without_script(visitor):
    ryokan = visitor("ja", java_script_enabled=False)
    ryokan.sign_in("tokyo@demo.example")

    introduce(ryokan, "Quatre", "Atelier Quatre Saisons Voyages", "秋の紅葉の時期にお越しください。")
