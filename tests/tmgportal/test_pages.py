"""The public pages, the language, and the answers when something goes wrong."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.template import loader
from django.utils import timezone, translation

from privacy.models import Document
from tmgportal.views import PAGES

LANGUAGES = ["en", "ja"]
ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]

pytestmark = pytest.mark.django_db


def alternates(page):
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


@pytest.mark.req("R033")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["", *(f"{slug}/" for slug in PAGES)])
def test_everybody_may_read_the_public_pages_in_both_languages(client, language, address):
    response = client.get(f"/{language}/{address}")

    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in page
    assert settings.SITE_NAME[language] in page.split("</title>")[0]
    assert 'name="robots"' not in page
    assert alternates(page) == {
        "en": f"{settings.SITE_URL}/en/{address}",
        "ja": f"{settings.SITE_URL}/ja/{address}",
        "x-default": f"{settings.SITE_URL}/en/{address}",
    }


def test_the_two_languages_of_a_page_have_the_same_headings():
    for slug in PAGES:
        levels = {
            language: re.findall(
                r"<(h\d)", loader.get_template(f"tmgportal/pages/{slug}.{language}.html").template.source
            )
            for language in LANGUAGES
        }
        assert levels["en"] == levels["ja"], slug


@pytest.mark.parametrize(
    ("accepted", "leads_to"),
    [
        ("ja,en;q=0.5", "/ja/"),
        ("en-GB", "/en/"),
        ("fr", "/en/"),
    ],
)
def test_the_bare_address_leads_to_a_language(client, accepted, leads_to):
    response = client.get("/", headers={"accept-language": accepted})

    assert response.status_code == 302
    assert response["Location"] == leads_to


@pytest.mark.req("R129")
def test_reading_in_another_language_than_the_browser_asks_for_sets_no_cookie(client):
    client.get("/ja/about/", headers={"accept-language": "en"})

    assert client.cookies == {}


def test_the_switch_keeps_page_and_query(client):
    page = client.get("/en/contact/?a=1&b=%E6%9D%B1").content.decode()

    assert '<a href="/ja/contact/?a=1&amp;b=%E6%9D%B1" lang="ja" hreflang="ja"' in page


def test_search_engines_are_told_where_the_log_in_stands(client):
    robots = client.get("/robots.txt").content.decode()
    login = client.get("/en/account/password/reset/").content.decode()

    assert "Disallow: /ja/partners/" in robots
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots
    assert '<meta name="robots" content="noindex">' in login


def test_the_site_map_names_every_public_page_in_both_languages(client):
    found = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").content.decode())

    assert len(found) == len(set(found)) == 2 * (len(PAGES) + 1 + 7)
    for address in found:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


def test_who_finds_a_weakness_learns_where_to_report_it(client):
    text = client.get("/.well-known/security.txt").content.decode()

    expires = datetime.fromisoformat(re.search("^Expires: (.+)$", text, re.M)[1])
    assert f"Contact: mailto:{settings.SECRETARIAT_EMAIL}" in text
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_explained_in_both_languages_without_knowing_anybody(name, language):
    with translation.override(language):
        page = loader.get_template(f"{name}.html").render()

    first, second = re.findall(r'<section lang="(..)"', page)
    assert (first, {first, second}) == (language, {"en", "ja"})
    assert page.count("<h1>") == 1


def test_a_page_that_is_not_there(client):
    response = client.get("/ja/nowhere/")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [
        (settings.DATA_UPLOAD_MAX_MEMORY_SIZE, 413, "That was too large"),
        (0, 400, "The request could not be read"),
    ],
)
def test_what_cannot_be_read_is_told_from_what_is_too_large(client, size, status, words):
    form = "application/x-www-form-urlencoded"
    body = "a=" + "x" * size if size else "&".join(f"f{n}=x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))

    response = client.post("/en/account/login/", body, content_type=form)

    assert response.status_code == status
    assert words in response.content.decode()


@pytest.mark.req("R020")
def test_the_secretariat_is_reachable_without_feeding_robots(client):
    page = client.get("/en/contact/").content.decode()

    assert settings.SECRETARIAT_EMAIL.replace("@", " (at) ") in page
    assert settings.SECRETARIAT_EMAIL not in page


@pytest.mark.req("R019")
@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_pdf_is_linked_a_reader_for_it_is_too(client, language):
    addresses = ["", *(f"{slug}/" for slug in PAGES), *(f"policies/{document}/" for document in Document.values)]
    pages = {address: client.get(f"/{language}/{address}").content.decode() for address in addresses}

    assert "https://get.adobe.com/reader/" in pages["policies/site-policy/"]
    for address, page in pages.items():
        assert not re.search(r'href="[^"]+\.pdf["#?]', page) or "https://get.adobe.com/reader/" in page, address
