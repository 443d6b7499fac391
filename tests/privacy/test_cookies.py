"""One list of cookies and of places elsewhere, and what is made from it: the choice, the tags, the page's policy."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone, translation

from privacy import cookies
from privacy.models import LedgerEvent, Matter
from privacy.views import cookies as views
from tests.factories import UserFactory

GOOGLE = "googletagmanager.com"
TAG = f"https://www.{GOOGLE}/gtag/js?id=G-TEST0000"
HERE = {"Sec-Fetch-Site": "same-origin"}
SETTINGS = "/en/cookie-settings/"
PUBLIC = "/en/about/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def analytics(settings):
    """The portal with Google Analytics."""
    settings.GOOGLE_ANALYTICS_ID = "G-TEST0000"


def decide(client, choice, **options):
    headers = HERE | options.pop("headers", {})
    return client.post(SETTINGS, {"choice": choice} | options, headers=headers)


def asks(page):
    return "Accept analytics" in page.content.decode()


def runs(page):
    """Whether the page holds the tag, which must be so exactly if its policy allows it."""
    has_tag, is_allowed = TAG in page.content.decode(), GOOGLE in page["Content-Security-Policy"]
    assert has_tag == is_allowed
    return has_tag


class TestWithoutTools:
    """As installed."""

    @pytest.mark.req("R129", "R130")
    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_nobody_is_asked_and_the_list_is_there(self, client, language):
        page = client.get(f"/{language}/cookie-settings/", headers={"Accept-Language": language})

        html = page.content.decode()
        assert not page.cookies
        assert "cookie-banner" not in html
        for cookie in cookies.cookies():
            assert cookie.category == cookies.Category.NECESSARY
            with translation.override(language):
                assert cookie.name in html
                assert cookie.lasts in html

    @pytest.mark.req("R131")
    def test_there_is_no_advertising_and_the_page_says_so(self, client):
        assert "shows no advertising" in client.get(SETTINGS).content.decode()
        assert {tool.code for tool in cookies.TOOLS} == {"google-analytics"}

    def test_an_answer_to_no_question_changes_nothing(self, client):
        response = decide(client, "accept")

        assert response["Location"] == SETTINGS
        assert not response.cookies


@pytest.mark.usefixtures("analytics")
class TestChoosing:
    @pytest.mark.req("R133")
    def test_nothing_runs_before_the_answer(self, client):
        page = client.get(PUBLIC)

        assert asks(page)
        assert not runs(page)
        assert not page.cookies

    @pytest.mark.req("R133")
    def test_accepting_and_refusing_take_one_button_each_that_look_alike(self, client):
        banner = re.search(r'<section class="cookie-banner".*?</section>', client.get(PUBLIC).content.decode(), re.S)[0]

        buttons = re.findall(r"<button ([^>]*)>", banner)
        assert len({re.sub("accept|refuse", "", attributes) for attributes in buttons}) == 1
        assert len(buttons) == 2
        assert "checkbox" not in banner

    def test_the_banner_stands_before_what_the_skip_link_leads_to(self, client):
        html = client.get(PUBLIC).content.decode()

        assert html.index('href="#main"') < html.index("cookie-banner") < html.index('id="main"')

    @pytest.mark.req("R133")
    def test_who_accepts_is_asked_no_more_and_gets_the_tag(self, client):
        response = decide(client, "accept", next=PUBLIC)

        page = client.get(response["Location"])
        assert response["Location"] == PUBLIC
        assert not asks(page)
        assert runs(page)
        assert 'data-number="G-TEST0000"' in page.content.decode()

    @pytest.mark.req("R133")
    def test_who_refuses_is_asked_no_more_and_gets_no_tag(self, client):
        decide(client, "refuse")

        page = client.get(PUBLIC)
        assert not asks(page)
        assert not runs(page)

    @pytest.mark.req("R133", "R131")
    def test_who_withdraws_gets_no_tag_and_loses_what_it_left(self, client):
        decide(client, "accept")
        client.cookies.load({"_ga": "GA1.1.1.1", "_ga_TEST0000": "GS1.1.1", "_gab": "of others"})
        assert "Withdraw my consent" in client.get(PUBLIC).content.decode()

        response = decide(client, "refuse", next=PUBLIC)

        ended = {name for name, morsel in response.cookies.items() if morsel["max-age"] == 0}
        assert ended == {"_ga", "_ga_TEST0000"}
        assert not runs(client.get(PUBLIC))
        assert not asks(client.get(PUBLIC))

    @pytest.mark.req("R133")
    def test_one_tool_is_switched_by_its_own_buttons(self, client):
        decide(client, "accept", tool="google-analytics")
        assert runs(client.get(PUBLIC))

        decide(client, "refuse", tool="google-analytics")
        assert not runs(client.get(PUBLIC))

        decide(client, "accept", tool="unknown")
        assert not runs(client.get(PUBLIC))

    @pytest.mark.parametrize("choice", ["", "yes", "accept "])
    def test_an_answer_that_is_none_changes_nothing(self, client, choice):
        assert not decide(client, choice).cookies

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
    def test_nobody_is_led_elsewhere_afterwards(self, client, elsewhere):
        assert decide(client, "refuse", next=elsewhere)["Location"] == SETTINGS

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, 302),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
            ({"Sec-Fetch-Site": "none"}, 403),
            ({"Origin": "http://testserver"}, 302),
            ({"Origin": "https://testserver"}, 403),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({}, 403),
        ],
    )
    def test_only_our_own_pages_send_an_answer(self, client, headers, status):
        response = client.post(SETTINGS, {"choice": "accept"}, headers=headers)

        assert response.status_code == status
        assert bool(response.cookies) == (status == 302)

    def test_answering_without_end_is_refused(self, client, monkeypatch):
        monkeypatch.setitem(views.LIMITS, "decide", "2/h/ip")

        assert [decide(client, choice).status_code for choice in ("accept", "refuse", "accept")] == [302, 302, 429]

    def test_a_look_changes_nothing(self, client):
        assert not client.get(f"{SETTINGS}?choice=accept&tool=google-analytics").cookies
        assert not runs(client.get(PUBLIC))


@pytest.mark.usefixtures("analytics")
@pytest.mark.parametrize("language", ["en", "ja"])
class TestWhatIsSaid:
    @pytest.mark.req("R123", "R128", "L09")
    def test_each_tool_is_named_with_what_it_gets_and_why_before_anybody_is_asked(self, client, language):
        html = unescape(client.get(f"/{language}/cookie-settings/").content.decode())

        for tool in cookies.offered():
            assert tool.name in html
            assert len(tool.links) == 3
            assert [url for _text, url in tool.links if f'href="{url}"' not in html] == []
            with translation.override(language):
                said = [str(text) for text in (tool.provider, tool.what, tool.why, tool.own_use)]
            assert [text for text in said if text not in html] == []
            assert [cookie.name for cookie in tool.cookies if f"<code>{cookie.name}</code>" not in html] == []

    @pytest.mark.req("R132")
    def test_each_common_browser_is_named_with_the_page_of_its_maker(self, client, language):
        html = client.get(f"/{language}/cookie-settings/").content.decode()

        with translation.override(language):
            pages = cookies.browsers()
        assert len(pages) == 5
        for name, url in pages:
            assert f'<a href="{url}"' in html
            assert name in html
            assert re.search(rf"\b{language}\b", url) or "apple.com/en-us" in url

    @pytest.mark.req("R134")
    def test_the_opting_out_of_the_provider_and_a_contact_are_named(self, client, language):
        html = client.get(f"/{language}/cookie-settings/").content.decode()

        assert 'href="https://tools.google.com/dlpage/gaoptout"' in html
        assert f'href="/{language}/contact/"' in html.partition("<main")[2].partition("</main>")[0]


@pytest.mark.usefixtures("analytics")
class TestWhereToolsRun:
    @pytest.mark.parametrize(
        ("path", "may"),
        [
            ("/en/", True),
            ("/ja/about/", True),
            ("/en/account/login/", False),
            ("/en/account/signup/", False),
            ("/en/registration/", False),
            ("/en/cookie-settings/", False),
            ("/en/nowhere/", False),
            ("/healthz/live", False),
        ],
    )
    def test_pages_that_say_something_about_a_person_hold_no_tool_and_no_question(self, client, path, may):
        assert ("cookie-banner" in client.get(path).content.decode()) == may

        decide(client, "accept")

        assert runs(client.get(path)) == may

    def test_the_page_of_one_visitor_is_not_for_another(self, client):
        assert {"Cookie", "Sec-GPC"} <= set(client.get(PUBLIC)["Vary"].split(", "))


@pytest.mark.usefixtures("analytics")
class TestSignal:
    """Global Privacy Control."""

    @pytest.mark.req("R133")
    @pytest.mark.parametrize("signal", ["1", "0", "", "true", "11"])
    def test_it_refuses_if_it_is_exactly_1(self, client, signal):
        refuses = signal == "1"
        assert asks(client.get(PUBLIC, headers={"Sec-GPC": signal})) is not refuses

        decide(client, "accept")

        assert runs(client.get(PUBLIC, headers={"Sec-GPC": signal})) is not refuses

    @pytest.mark.req("R133")
    def test_with_it_no_acceptance_is_taken(self, client):
        decide(client, "accept", headers={"Sec-GPC": "1"})

        assert not runs(client.get(PUBLIC))

    def test_the_settings_say_that_it_is_obeyed(self, client):
        page = client.get(SETTINGS, headers={"Sec-GPC": "1"}).content.decode()

        assert "Global Privacy Control" in page
        assert 'value="accept"' not in page

    def test_it_is_announced(self, client):
        answer = client.get("/.well-known/gpc.json")

        assert answer["Content-Type"] == "application/json"
        assert answer.json()["gpc"] is True
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", answer.json()["lastUpdate"])


@pytest.mark.usefixtures("analytics")
class TestCookieOfTheChoice:
    def value(self, client):
        return decide(client, "accept").cookies[cookies.CONSENT_COOKIE].value

    @pytest.mark.req("R126", "R127", "R137")
    def test_it_says_nothing_about_the_person(self, client):
        client.force_login(UserFactory())

        cookie = decide(client, "accept").cookies[cookies.CONSENT_COOKIE]

        assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{12}\.google-analytics:\w{6}:[\w-]{43}", cookie.value)
        assert cookie["max-age"] == 180 * 24 * 60 * 60
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")

    @pytest.mark.req("R126")
    def test_two_browsers_have_nothing_in_common(self):
        first, second = self.value(Client()), self.value(Client())

        assert first.split(".")[0] != second.split(".")[0]

    @pytest.mark.parametrize(
        "change",
        [
            lambda value: "",
            lambda value: "garbage",
            lambda value: "\u00e9" * 40,
            lambda value: "x" * 5_000,
            lambda value: value[:-1],
            lambda value: value.replace("google-analytics", "google-analytics+other"),
            lambda value: "0" * 32 + value[32:],
            lambda value: value.partition(":")[0],
            lambda value: TimestampSigner(salt="another").sign(value.partition(":")[0]),
            lambda value: cookies.SIGNER.sign("a.b"),
            lambda value: cookies.SIGNER.sign(re.sub(r"\.\w{12}\.", ".000000000000.", value.partition(":")[0])),
        ],
    )
    def test_a_value_that_is_not_ours_is_no_decision(self, client, change):
        client.cookies[cookies.CONSENT_COOKIE] = change(self.value(client))

        page = client.get(PUBLIC)

        assert asks(page)
        assert not runs(page)

    def test_what_is_asked_anew_is_not_answered_by_what_was_said_before(self, client, monkeypatch):
        decide(client, "accept")
        assert not asks(client.get(PUBLIC))

        changed = [replace(tool, why="To sell shoes.") for tool in cookies.TOOLS]
        monkeypatch.setattr(cookies, "TOOLS", changed)

        assert asks(client.get(PUBLIC))
        assert not runs(client.get(PUBLIC))

    @pytest.mark.parametrize("language", ["en", "ja"])
    def test_the_language_of_the_page_does_not_matter(self, client, language):
        with translation.override(language):
            decide(client, "accept")

        assert runs(client.get(PUBLIC))
        assert runs(client.get(PUBLIC.replace("en", "ja")))

    @pytest.mark.req("R127")
    def test_it_ends_after_half_a_year_whoever_kept_it(self, client):
        with time_machine.travel(timezone.now() - timedelta(days=181), tick=False):
            value = self.value(client)
        client.cookies[cookies.CONSENT_COOKIE] = value

        assert asks(client.get(PUBLIC))
        assert not runs(client.get(PUBLIC))


@pytest.mark.usefixtures("analytics")
class TestProof:
    def states(self):
        events = LedgerEvent.objects.filter(matter=Matter.COOKIES).order_by("seq")
        return [(event.state, event.topic, event.purpose) for event in events]

    @pytest.mark.req("L01")
    def test_each_answer_is_in_the_ledger_under_a_number_that_names_nobody(self, client):
        person = UserFactory()
        client.force_login(person)

        for choice in ("refuse", "accept", "refuse"):
            decide(client, choice)

        assert self.states() == [
            (state, "google-analytics", "statistics") for state in ("refused", "given", "withdrawn")
        ]
        (ref,) = set(LedgerEvent.objects.filter(matter=Matter.COOKIES).values_list("subject_ref", flat=True))
        assert ref.hex in client.cookies[cookies.CONSENT_COOKIE].value
        assert ref != person.subject.ref

    def test_it_says_what_was_shown_and_until_when_it_holds(self, client):
        decide(client, "accept")

        event = LedgerEvent.objects.get(matter=Matter.COOKIES)
        assert abs(event.valid_until - event.at - cookies.CONSENT_AGE) < timedelta(seconds=5)
        assert event.proof["control"] == "choice=accept"
        assert event.proof["registry"] == cookies.version()
        assert event.proof["served"]
        assert (event.document, event.language, event.method) == ("", "en", "form")

    @pytest.mark.parametrize("choice", ["accept", "refuse"])
    def test_the_same_answer_again_is_no_new_one(self, client, choice):
        decide(client, choice)

        again = decide(client, choice)

        assert len(self.states()) == 1
        assert cookies.CONSENT_COOKIE not in again.cookies

    def test_an_old_acceptance_brought_back_is_withdrawn_without_a_second_event(self, client):
        accepted = decide(client, "accept").cookies[cookies.CONSENT_COOKIE].value
        decide(client, "refuse")
        client.cookies[cookies.CONSENT_COOKIE] = accepted

        decide(client, "refuse")

        assert [state for state, *_ in self.states()] == ["given", "withdrawn"]
        assert not runs(client.get(PUBLIC))

    def test_a_refusal_by_signal_says_so(self, client):
        decide(client, "accept", headers={"Sec-GPC": "1"})

        event = LedgerEvent.objects.get(matter=Matter.COOKIES)
        assert (event.state, event.method) == ("refused", "signal")

    def test_what_was_refused_writes_nothing(self, client):
        client.post(SETTINGS, {"choice": "accept"}, headers={"Sec-Fetch-Site": "cross-site"})
        decide(client, "perhaps")
        client.get(SETTINGS)

        assert self.states() == []
