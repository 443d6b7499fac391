"""Google Analytics switched on: refused, accepted, withdrawn. The tests play its hosts; nothing leaves this machine."""

import os

import pytest
from playwright.sync_api import expect

from tests.plugin import database_copy

from .portal import Portal

NUMBER = "G-JOURNEY00"
TAG = "https://www.googletagmanager.com/gtag/js"
COUNTED = "https://region1.google-analytics.com/**"
# What the tag does as far as it matters here: it leaves its cookies, and tells of the page.
PLAYED = """
addEventListener("load", () => {
  const [, , settings] = [...dataLayer].find(([command]) => command === "config");
  const how = `path=/;max-age=${settings.cookie_expires};${settings.cookie_flags}`;
  document.cookie = `_ga=GA1.1.1234567890;${how}`;
  document.cookie = `_ga_JOURNEY00=GS1.1.1234567890;${how}`;
  const address = encodeURIComponent(settings.page_location);
  fetch(`https://region1.google-analytics.com/g/collect?dl=${address}`, {mode: "no-cors"});
});
"""


@pytest.fixture(scope="module")
def portal(chromium, tmp_path_factory):
    """A portal of its own: the setting is read when it starts."""
    with database_copy(f"test_{os.getpid()}_analytics") as database:
        portal = Portal(database, tmp_path_factory.mktemp("analytics"), redis_database=14)
        portal.environment["GOOGLE_ANALYTICS_ID"] = NUMBER
        portal.collect_static()
        try:
            portal.web.start()
            portal.await_web()
            yield portal
        finally:
            portal.stop()


@pytest.fixture(params=["en", "ja"])
def guest(visitor, request):
    return watched(visitor(request.param))


@pytest.fixture(params=["en", "ja"])
def guest_without_script(visitor, request):
    return watched(visitor(request.param, java_script_enabled=False))


def watched(guest):
    """`guest.sent` collects what the browser wants to send elsewhere; the test answers in place of those hosts."""
    guest.sent = []

    def play(route):
        guest.sent.append(route.request.url)
        route.fulfill(body=PLAYED if route.request.url.startswith(TAG) else "", content_type="text/javascript")

    guest.context.route(lambda url: not url.startswith(guest.portal.url), play)
    return guest


def banner(guest):
    return guest.page.get_by_role("region", name=guest.words("Cookies"))


def accept(guest):
    """Returns the address that is told of."""
    with guest.page.expect_request(COUNTED) as counted:
        guest.press("Accept analytics", within=banner(guest))
    expect(banner(guest)).to_have_count(0)
    return counted.value.url


def allows_google(answer):
    return "google" in answer.headers["content-security-policy"]


def cookies_of(guest):
    return {cookie["name"] for cookie in guest.context.cookies()}


@pytest.mark.req("R133", "L09")
def test_who_refuses_sends_nothing_and_is_not_asked_again(guest):
    guest.open()
    expect(banner(guest)).to_be_visible()

    guest.press("Refuse analytics", within=banner(guest))

    expect(banner(guest)).to_have_count(0)
    assert not allows_google(guest.open("about/"))
    expect(banner(guest)).to_have_count(0)
    assert guest.sent == []
    assert not {name for name in cookies_of(guest) if name.startswith("_ga")}


@pytest.mark.req("R133", "R123", "R128")
def test_who_accepts_is_counted_and_withdraws_as_easily(guest):
    guest.open("about/")
    assert accept(guest).endswith("about%2F")
    assert any(url.startswith(f"{TAG}?id={NUMBER}") for url in guest.sent)

    with guest.page.expect_request(COUNTED) as counted:
        assert allows_google(guest.open("how-it-works/?q=secret"))

    assert counted.value.url.endswith("how-it-works%2F")
    assert {"_ga", "_ga_JOURNEY00"} <= cookies_of(guest)

    clicks = guest.clicks
    guest.press("Withdraw my consent to analytics", within=guest.page.get_by_role("contentinfo"))
    assert guest.clicks - clicks == 1

    expect(guest.page).to_have_url(f"{guest.portal.url}/{guest.language}/how-it-works/")
    assert not {name for name in cookies_of(guest) if name.startswith("_ga")}
    guest.sent.clear()
    assert not allows_google(guest.open("about/"))
    assert guest.sent == []


@pytest.mark.req("R133", "R135")
def test_the_choice_needs_no_script(guest_without_script):
    guest = guest_without_script
    guest.open()
    guest.press("Accept analytics", within=banner(guest))
    expect(banner(guest)).to_have_count(0)
    assert allows_google(guest.open("about/"))

    guest.press("Cookie settings", within=guest.page.get_by_role("contentinfo"))
    guest.reads("On: you have agreed.")
    guest.press("Refuse %(tool)s", tool="Google Analytics")

    guest.reads("Off: you have refused.")
    assert not allows_google(guest.open("about/"))
    assert guest.sent == []


@pytest.mark.req("R133")
def test_a_browser_that_refuses_for_its_owner_is_obeyed(visitor):
    guest = watched(visitor("ja", extra_http_headers={"Sec-GPC": "1"}))

    assert not allows_google(guest.open())

    expect(banner(guest)).to_have_count(0)
    guest.open("cookie-settings/")
    guest.reads("Your browser sends the signal Global Privacy Control. We take it as a no to analytics.")
    assert guest.sent == []


def test_no_page_behind_the_log_in_is_counted(guest):
    guest.open()
    accept(guest)
    guest.sent.clear()

    assert not allows_google(guest.open("account/login/"))
    assert guest.sent == []
