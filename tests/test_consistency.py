"""Promises that hold for every page, kept by machine."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.db import transaction
from django.template.loader import get_template
from django.urls import reverse

from tests.authorisation.conftest import world  # noqa: F401
from tests.authorisation.table import FILLED, STAFF_TABLE, TABLE, admin_checks_of, checks_of
from tests.authorisation.test_matrix import OURS, admin_path, asked
from tmgportal.middleware import CONTENT_SECURITY_POLICY
from tmgportal.public_urls import PUBLIC

LANGUAGES = ["en", "ja"]
WHO = ["public", "unverified", "registered", "tokyo owner", "paris owner", "registration reviewer"]
FIELDS = {"input", "select", "textarea"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
POINTERS = {"for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form"}


def shown(route):
    """(role, method, owner) of the checks by which every kind of reader sees a page of `route`; forms also refused."""
    seen = set()
    for check in checks_of(route):
        is_page = check.outcome == "200" and check.method in ("GET", "POST") and (check.method, route) not in FILES
        if is_page and check.role in WHO and (check.role, check.method) not in seen:
            seen.add((check.role, check.method))
            yield check


FILES = {
    *(("GET", route) for route in ("directory:photo", "directory:listing-vcard", "directory:saved-spreadsheet")),
    *(("GET", route) for route in ("privacy:held-file", "privacy:receipt-download", "privacy:portability-schema")),
    ("GET", "privacy:hand-over-file"),
    *(("GET", route) for route in ("statistics:csv", "statistics:json")),
    *(
        (method, route)
        for route in (
            "robots",
            "sitemap",
            "security-txt",
            "gpc",
            "ledger-key",
            "allowed-signers",
            "privacy:policy-feed",
        )
        for method in ("GET", "POST")
    ),
}


def fetch(world, role, method, path, data=None):  # noqa: F811
    with transaction.atomic():
        response = world.ask(role, method, path, data)
        transaction.set_rollback(True)
    return response


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


class Page(HTMLParser):
    """What can be said about a page without looking at it."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.pointers, self.fields, self.faults, self.open = [], set(), [], [], []
        self.lang, self.headings, self.title = None, 0, ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.pointers |= {id for name in POINTERS & attributes.keys() for id in attributes[name].split()}
        self._inline(tag, attributes)
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag == "h1":
            self.headings += 1
        if tag == "img" and "alt" not in attributes:
            self.faults.append(f"img without alt: {attributes}")
        if tag in FIELDS and attributes.get("type") not in ("hidden", "submit", "button", "image"):
            self.fields.append((attributes, "label" in self.open))
        if tag == "label":
            self.pointers.add(attributes.get("for") or "")
        if tag not in VOID:
            self.open.append(tag)

    def _inline(self, tag, attributes):
        code = [name for name in attributes if name == "style" or name.startswith("on")]
        is_script = tag == "script" and "src" not in attributes and attributes.get("type") != "application/json"
        addresses = (attributes.get(name) or "" for name in ("href", "src", "action", "formaction"))
        elsewhere = (attributes.get(name) or "" for name in ("src", "srcset", "action", "poster", "data"))
        if tag == "link":
            elsewhere = [attributes["href"]] if attributes.get("rel") in ("stylesheet", "icon", "preload") else []
        if any("//" in url for url in elsewhere):
            self.faults.append(f"another host: {tag} {attributes}")
        if code or is_script or tag == "style" or any(url.strip().startswith("javascript:") for url in addresses):
            self.faults.append(f"inline code: {tag} {attributes}")

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.title += data.strip()

    def found(self, language):
        yield from self.faults
        if self.lang != language:
            yield f"lang={self.lang}"
        if self.headings != 1:
            yield f"{self.headings} h1"
        if not self.title:
            yield "no title"
        yield from (f"id twice: {id}" for id in set(self.ids) if self.ids.count(id) > 1)
        yield from (f"points at nothing: {id}" for id in self.pointers - {""} - set(self.ids))
        for attributes, inside_label in self.fields:
            is_named = {"aria-label", "aria-labelledby"} & attributes.keys() or attributes.get("id") in self.pointers
            if not (is_named or inside_label):
                yield f"field without label: {attributes}"


def header_faults(response, *, with_session):
    expected = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    yield from (f"{name}: {response.get(name)}" for name, value in expected.items() if response.get(name) != value)
    if with_session and not {"private", "no-store"} <= set(
        response.get("Cache-Control", "").replace(" ", "").split(",")
    ):
        yield f"Cache-Control: {response.get('Cache-Control')}"


WELL_MADE = '<html lang="en"><title>A</title><h1>A</h1>{}'


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<p style="color: red">', "inline code"),
        ('<p onclick="go()">', "inline code"),
        ("<script>go()</script>", "inline code"),
        ('<a href="javascript:go()">', "inline code"),
        ("<h1>B</h1>", "2 h1"),
        ('<p id="a"><p id="a">', "id twice: a"),
        ('<input name="a">', "field without label"),
        ('<label for="a">A</label>', "points at nothing: a"),
        ('<img src="a.png">', "img without alt"),
        ('<img alt="" src="https://elsewhere.example/a.png">', "another host"),
        ('<link rel="stylesheet" href="//elsewhere.example/a.css">', "another host"),
    ],
)
def test_faults_of_a_page_are_found(html, fault):
    found = [*Page(WELL_MADE.format(html)).found("en")]

    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_well_made_page_has_no_fault():
    html = '<label for="a">A</label><input id="a"><label><input>B</label><script src="a.js"></script>'

    assert [*Page(WELL_MADE.format(html)).found("en")] == []
    assert [*Page(WELL_MADE.format(html)).found("ja")] == ["lang=en"]


@pytest.mark.req("R125")
@pytest.mark.parametrize("route", [route for route in OURS if any(shown(route))])
def test_every_page_is_well_made_in_both_languages(world, language, route):  # noqa: F811
    faults = []
    for check in shown(route):
        arguments, _data = asked(world, check, route)
        path = reverse(route, kwargs=arguments).replace("/en/", f"/{language}/", 1)
        response = fetch(world, check.role, check.method, path, {} if check.method == "POST" else None)
        assert response.status_code == 200, check
        found = [*Page(response.content.decode()).found(language)]
        found += header_faults(response, with_session=check.role not in ("public", "unverified"))
        faults += [(check.role, check.method, fault) for fault in found]
    assert faults == []


@pytest.mark.parametrize(
    ("view", "model"),
    [page for page, row in STAFF_TABLE.items() if row["GET"] == "200" and row["page"] not in ("jsi18n", "paper")],
)
def test_every_page_of_the_admin_obeys_the_policy(world, language, view, model):  # noqa: F811
    path = admin_path(world, view, model).replace("/en/", f"/{language}/", 1)
    may = [check.role for check in admin_checks_of(view, model) if (check.method, check.outcome) == ("GET", "200")]

    response = fetch(world, may[0], "GET", path)

    parsed = Page(response.content.decode())
    assert response.status_code == 200
    assert parsed.faults == []
    assert parsed.lang == language
    assert [*header_faults(response, with_session=True)] == []


@pytest.mark.req("R033")
def test_the_public_pages_are_those_that_are_listed(world):  # noqa: F811
    """Everything else asks an anonymous visitor to log in, and leads back afterwards."""
    open_to_all = set()
    for route in OURS:
        check = next(check for check in checks_of(route) if check.role == "public" and check.method == "GET")
        arguments, _data = asked(world, check, route)
        response = fetch(world, "public", "GET", reverse(route, kwargs=arguments))
        asks = response.get("Location", "").startswith(f"/en/account/login/?next={reverse(route, kwargs=arguments)}")
        open_to_all |= set() if asks else {route}

    # Three are of links that nothing here makes: codes are typed.
    of_links = {name for name in PUBLIC if name.startswith(("account_confirm_email", "account_reset_password_"))}
    assert open_to_all == (PUBLIC - of_links - {"mfa_trust"})


@pytest.mark.req("R129", "R033")
def test_public_pages_set_no_cookie_unless_a_form_needs_one(world):  # noqa: F811
    set_by = {}
    for route in OURS:
        for check in checks_of(route):
            if (check.role, check.method, check.outcome) == ("public", "GET", "200") and check.owner in ("", "tokyo"):
                arguments, _data = asked(world, check, route)
                response = fetch(world, "public", "GET", reverse(route, kwargs=arguments))
                if response.cookies:
                    set_by[route] = set(response.cookies)

    with_a_form = {route for route in set_by if any(row.who for row in TABLE[route].get("POST", []))}
    assert set(set_by) == with_a_form
    assert set().union(*set_by.values()) <= {settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME}


@pytest.mark.req("R126", "R127", "R137")
def test_no_cookie_holds_what_is_personal(world):  # noqa: F811
    """Only names made at random, a language, and the flags that browsers need."""
    random_or_language = re.compile(r"[A-Za-z0-9]{32}|en|ja|")
    for role in ("unverified", "tokyo owner", "administrator"):
        cookies = dict(world.cookies[role])
        for route, data in [("accounts:person", FILLED["accounts:person"]), ("account_logout", {})]:
            response = fetch(world, role, "POST", reverse(route), data)
            cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
            for morsel in response.cookies.values():
                assert morsel["httponly"]
                assert morsel["secure"]
                assert morsel["samesite"] == "Lax"
                assert not morsel["domain"]
        assert {name: value for name, value in cookies.items() if not random_or_language.fullmatch(value)} == {}
        assert all(name.startswith("__Host-") for name in cookies)


APPS = ["accounts", "directory", "inquiries", "networking", "newsletters", "outbox", "privacy", "tmgportal"]


@cache
def _sources():
    """The text of everything that could name a template."""
    folders = [settings.BASE_DIR / name for name in ("templates", *APPS)]
    kinds = ("*.py", "*.html", "*.txt", "*.xml")
    return "\n".join(path.read_text() for folder in folders for kind in kinds for path in folder.rglob(kind))


# Whose templates are found by the name of a model, a page, an error or an act.
BY_CONVENTION = re.compile(
    r"admin/|account/|mfa/|usersessions/|allauth/|socialaccount/|\w+/emails/|tmgportal/pages/|components/|django/|"
    r"\d{3}(_csrf)?\.html|\w+/\w+_(list|detail|form)\.html|"
    # What a directive of a policy shows.
    r"privacy/policies/_"
)


def test_every_template_is_used():
    folder = settings.BASE_DIR / "templates"
    names = [str(path.relative_to(folder)) for path in folder.rglob("*.*")]

    unused = [name for name in names if not BY_CONVENTION.match(name) and name not in _sources()]
    assert unused == []


def test_every_component_is_used():
    names = [f"components/{path.name}" for path in (settings.BASE_DIR / "templates/components").iterdir()]

    assert [name for name in names if name not in _sources()] == []


def test_every_template_that_code_names_is_there():
    for name in set(re.findall(r'"((?:[a-z]+)/[\w/]+\.(?:html|txt|xml))"', _sources())):
        get_template(name)
