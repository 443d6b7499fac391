"""The policies for everybody to read: in force, earlier, announced, and what differs (R001-R012, R022)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from privacy.models import ChangeClass, Document, PolicyText, PolicyVersion, Recipient
from privacy.policies import rendering
from tests.factories import UserFactory

from .policy_versions import announce, draft

pytestmark = pytest.mark.django_db
PRIVACY = "/en/policies/privacy/"


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever the page before was in."""
    with translation.override("en"):
        yield


def opened(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def main_of(page):
    return re.search(r"<main.*</main>", page, re.DOTALL)[0]


@pytest.mark.req("R001", "R002")
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("document", Document.values)
def test_every_document_is_public_in_both_languages_and_sets_no_cookie(client, document, language):
    address = f"/{language}/policies/{document}/"
    answer = client.get(address, headers={"accept-language": language})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert f'<html lang="{language}">' in page
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', page, re.DOTALL)[0]
    assert f'href="/{language}/"' in crumbs
    assert 'aria-current="page"' in crumbs
    for name in ("account_login", "accounts:registration-start"):
        assert reverse(name).replace("/en/", f"/{language}/") in main_of(page)
    other = {"en": "ja", "ja": "en"}[language]
    assert f'href="/{other}/policies/{document}/"' in page


@pytest.mark.req("R003", "R006", "R009", "R011", "R012")
def test_the_stable_address_shows_what_is_in_force_and_from_when(client):
    first = PolicyVersion.objects.get(document="privacy")
    second = announce(enacted_on=timezone.localdate())
    moment = date_format(timezone.localtime(second.effective_at), "DATETIME_FORMAT")

    before = main_of(opened(client, PRIVACY))
    with time_machine.travel(second.effective_at):
        after = main_of(opened(client, PRIVACY))
        earlier = main_of(opened(client, f"{PRIVACY}1/"))

    assert f"Version {first.number} ·" in before
    assert "Draft until the city enacts it" in before
    assert "Version 2 is announced. It takes effect on <time" in before
    assert moment in before
    assert f"Version {second.number} ·" in after
    assert "Draft until the city enacts it" not in after
    assert f'Enacted on: <time datetime="{timezone.localdate()}">' in after
    assert "Please look at this page from time to time" in after
    assert after.count('<p class="mute">Took effect:') == 2
    assert "This is an earlier version." in earlier
    assert opened(client, f"{PRIVACY}2/")


@pytest.mark.req("R009")
def test_an_announced_version_can_be_read_before_it_takes_effect_and_is_not_found_by_search_engines(client):
    announce()

    page = opened(client, f"{PRIVACY}2/")

    assert "This version is announced and not in force yet." in page
    assert "We use data to answer." in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<meta name="robots"' not in opened(client, PRIVACY)


@pytest.mark.parametrize("path", ["nowhere/", "terms/2/", "terms/0/", "terms/1/1/", "terms/2/1/", "terms/1/9/"])
def test_what_was_never_announced_is_not_there(client, path):
    assert client.get(f"/en/policies/{path}").status_code == 404


def test_a_draft_is_nobodys_business(client):
    draft()

    assert client.get(f"{PRIVACY}2/").status_code == 404
    assert "Version 2" not in opened(client, PRIVACY)
    assert "Version 2" not in opened(client, "/en/policies/feed/")


@pytest.mark.req("R009")
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("slug", ["privacy", "terms", "cookies", "site-policy"])
def test_the_former_addresses_lead_on_for_good(client, slug, language):
    answer = client.get(f"/{language}/{slug}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/{language}/policies/{slug}/")


@pytest.mark.req("R011")
def test_the_list_shows_every_document_with_what_is_coming(client):
    announce(Document.TERMS)

    page = main_of(opened(client, "/ja/policies/"))

    for document in Document.values:
        assert f'href="/ja/policies/{document}/"' in page
    assert page.count("第2版") == 1


@pytest.mark.req("R011")
def test_the_feed_tells_of_every_version_the_newest_first(client):
    announce(Document.TERMS, summary_en="New & better <terms>.")

    answer = client.get("/en/policies/feed/")

    text = answer.content.decode()
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert not answer.cookies
    titles = re.findall(r"<title>(.*?)</title>", text)
    assert titles[1] == "Terms of use, version 2"
    assert len(titles) == 1 + 7
    assert "New &amp; better &lt;terms&gt;." in text
    assert "/en/policies/terms/2/" in text


@pytest.mark.req("R022")
def test_a_policy_leads_to_the_newsletter_to_who_we_are_and_to_how_to_write(client):
    page = main_of(opened(client, "/en/policies/gdpr/"))
    for name in ("about", "contact", "privacy:centre"):
        assert f'href="{reverse(name)}' in page


class TestDifference:
    OLD = "## Purposes\n\nWe use data to answer.\n\n- letters\n- calls\n\nThe end.\n\nBye now.\n"
    NEW = "## Purposes\n\nWe use data to answer you.\n\n- letters\n- calls\n- visits\n\nThe end.\n"

    @pytest.fixture
    def page(self, client):
        announce(Document.TERMS, change_class=ChangeClass.EDITORIAL, effective_at=None, body_en=self.OLD)
        announce(Document.TERMS, body_en=self.NEW, summary_en="Visits count.")
        return main_of(opened(client, "/en/policies/terms/2/3/"))

    @pytest.mark.req("R007")
    def test_what_changed_is_told_in_words_and_not_by_colour_alone(self, page):
        assert "Visits count." in page
        assert "<ins> you</ins>" in page
        assert re.search(r"After: added</p><p><ins>visits</ins>", page)
        assert re.search(r"Before: removed</p><p><del>Bye now.</del>", page)

    def test_what_stays_is_counted_and_not_repeated(self, page):
        assert "The end." not in page
        assert page.count("as it is") + page.count("as they are") == 3

    @pytest.mark.req("R007", "R040")
    def test_new_uses_are_listed(self, client):
        version = announce(change_class=ChangeClass.EDITORIAL, effective_at=None, recipients=["contractor"])
        announce(change_class=ChangeClass.CONSENT, recipients=["contractor", "delegation-company"])

        page = main_of(opened(client, f"{PRIVACY}{version.number}/{version.number + 1}/"))

        assert "New recipients of your data:" in page
        assert "Toppan Travel Service Corp." in page


class TestRendering:
    def rendered(self, body, document="privacy", language="en"):
        version = PolicyVersion.objects.get(document=document)
        return rendering.rendered(PolicyText(version=version, language=language, body=body))

    def test_nothing_but_the_elements_of_a_policy_passes(self):
        html = self.rendered(
            '## Rights {#rights onclick="x()"}\n\n<script>alert(1)</script><img src=x onerror=alert(1)> **bold** '
            "[bad](javascript:alert(1)) [good](/en/contact/)\n\n# Too big\n"
        )
        assert '<h2 id="rights">Rights</h2>' in html
        assert "<strong>bold</strong>" in html
        assert '<a href="/en/contact/">good</a>' in html
        assert not re.search(r"script|onerror|onclick|<img|<h1", html)

    @pytest.mark.req("R017")
    def test_a_link_to_another_site_is_marked(self):
        html = self.rendered("See [the law](https://laws.example/act?a=1&b=2).")
        assert 'href="https://laws.example/act?a=1&amp;b=2"' in html
        assert "leads to another website" in html

    @pytest.mark.parametrize("language", ["en", "ja"])
    @pytest.mark.parametrize("document", ["privacy", "gdpr", "cookies"])
    @pytest.mark.parametrize("name", rendering.DIRECTIVES)
    def test_a_directive_stands_for_what_the_registers_say(self, name, document, language):
        html = self.rendered(f"Before.\n\n[[{name}]]\n\nAfter.", document, language)
        assert "[[" not in html
        assert len(html) > len("<p>Before.</p><p>After.</p>") + 20

    @pytest.mark.req("R016")
    @pytest.mark.parametrize(("language", "name"), [("en", "Tokyo Metropolitan Government"), ("ja", "東京都")])
    def test_the_city_is_named_as_controller(self, client, language, name):
        page = opened(client, f"/{language}/policies/gdpr/")
        said = page[page.index('id="controller"') :].partition("<h2")[0]
        assert re.search(rf"</strong>\s*{name}</p>", said)

    def test_a_name_that_stands_for_nothing_stays_as_it_is(self):
        assert "[[nobody]]" in self.rendered("[[nobody]]")

    @pytest.mark.req("R060")
    def test_recipients_are_those_of_the_version_at_its_time(self):
        announce(change_class=ChangeClass.EDITORIAL, effective_at=None, recipients=["contractor"])
        in_force = self.rendered_in("privacy", 2)
        assert "Toppan Inc." in in_force
        assert "Toppan Travel Service" not in in_force
        assert "Toppan Travel Service" in self.rendered_in("privacy", 1)

        now = timezone.now()
        old = Recipient.objects.get(code="contractor")
        Recipient.objects.filter(pk=old.pk).update(valid_until=now)
        old.pk, old.valid_from, old.name_en = None, now, "Successor Inc."
        old.save()
        assert "Successor Inc." in self.rendered_in("privacy", 2)
        assert "Toppan Inc." in self.rendered_in("privacy", 1)

    @pytest.mark.req("R060", "R065", "R067")
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "no right of its own to use the data or to pass them on"),
            ("ja", "第三者に提供したりする権利はありません"),
        ],
    )
    def test_of_each_recipient_it_is_said_that_it_passes_nothing_on(self, language, words):
        html = self.rendered("[[recipients]]", language=language)
        assert html.count(words) == html.count("<h3>") == 2

    def rendered_in(self, document, number):
        text = PolicyText.objects.get(version__document=document, version__number=number, language="en")
        text.body = "[[recipients]]"
        return rendering.rendered(text)

    @pytest.mark.req("R020")
    def test_the_contact_names_the_unit_and_feeds_no_robots(self, settings):
        html = self.rendered("[[contact]]")
        assert "Data Privacy Controller" in html
        assert settings.SECRETARIAT_EMAIL.replace("@", " (at) ") in html
        assert settings.SECRETARIAT_EMAIL not in html


class TestNoticeOnTheSite:
    @pytest.mark.req("R010", "R013")
    def test_it_stands_on_every_page_from_the_announcement_until_its_planned_end(self, client):
        assert "policy-notice" not in opened(client, "/en/about/")
        version = announce()

        answer = client.get("/en/about/", headers={"accept-language": "en"})
        assert "“Privacy policy” will change: version 2 takes effect on" in answer.content.decode()
        assert not answer.cookies
        client.force_login(UserFactory())
        assert "policy-notice" in opened(client, "/ja/my-page/")
        with time_machine.travel(version.effective_at + timedelta(hours=1)):
            assert "has been in force since" in opened(client, "/en/about/")
        with time_machine.travel(version.notice_until + timedelta(hours=1)):
            assert "policy-notice" not in opened(client, "/en/about/")
