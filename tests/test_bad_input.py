"""Whatever is sent: an answer in words, what was typed kept, nothing half-written, and never a fault of ours."""

import html
import re
from urllib.parse import quote, urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse

from inquiries.views import HONEYPOT
from tests.authorisation.conftest import world  # noqa: F401
from tests.authorisation.table import FILLED, STAFF_TABLE, TABLE, checks_of
from tests.authorisation.test_matrix import OURS, REFUSED, WRITES, admin_path, asked

FORM = "application/x-www-form-urlencoded"
ROLES = ["public", "unverified", "tokyo owner", "administrator"]
SCRIPT = "\"'><script>alert(1)</script>"
# As the body of a form has them.
TEXTS = {
    "no text": "a%00b%ED%A0%80%FF%FE",
    "too long": "x" * 10_000,
    "many lines": quote("x\n" * 5_000),
    "rare letters": quote("𠮷野家﨑葛\U000e0100ｶﾞ㍿\u202eevil\u202c"),
    "code": quote(f'{SCRIPT}%s%n{{0}}{{{{ 7 }}}}{{"a": [1]}}'),
    "header": quote("a\r\nBcc: x@business.example"),
    "number": "9" * 400,
    "other digits": quote("٣٤"),
    "combining": quote("e" + "\u0301" * 500),
    "address": quote("a@" + "b" * 300 + ".example"),
}
BODIES = {
    "nothing": ("", FORM),
    "six hundred fields": (urlencode([(f"f{number}", "x") for number in range(600)]), FORM),
    "JSON": ('{"email": "x"}', "application/json"),
    "text": ("email=x", "text/plain"),
    "another charset": ("email=x", f"{FORM}; charset=utf-16"),
    "no charset": ("email=x", f"{FORM}; charset=nonsense"),
    "no boundary": ("--x\r\n", "multipart/form-data"),
    "broken parts": ('--x\r\nContent-Disposition: form-data; name="a"', "multipart/form-data; boundary=x"),
    "a file for a text": (
        '--x\r\nContent-Disposition: form-data; name="email"; filename="a\0.txt"\r\n\r\nhello\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "too much": ("a=" + "x" * 1_100_000, FORM),
}
QUERIES = {
    "numbers": "page=1000000000&p=1000000000&pk=-1",
    "no numbers": "page=abc&page=&sort=unknown&o=99.-99&box=unknown&language=xx&state=unknown",
    "impossible": "q=%00%ED%A0%80%FF&%00=1&page=%EF%BC%91",
    "operators": "q=" + quote("a & b | !(c):* <-> 'd' \\ %_ \" -") + "&category=" + quote("') OR 1=1 --"),
    "long": "q=" + "x" * 10_000 + "&next=//evil.example/&category=ACC-02&area=131067&employees=1-9" * 250,
    "script": urlencode(dict.fromkeys(["q", "page", "sort", "category", "to", "next", "then"], SCRIPT)),
}


def may(route, method):
    """A check whose role the table lets through, for a thing of its own; or nobody."""
    return next(
        (
            check
            for check in checks_of(route)
            if check.method == method and check.outcome not in REFUSED and check.role in ROLES
        ),
        None,
    )


def send(world, check, path, method, **request):  # noqa: F811
    """(the answer, what it wrote); the world stays as it was."""
    writes = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    cache.clear()
    with transaction.atomic(), connection.execute_wrapper(watch):
        response = world.ask(check.role, method, path, **request)
        transaction.set_rollback(True)
    return response, writes


def fields(world, check, path, route):  # noqa: F811
    """The names of what can be typed on the page."""
    names = set(FILLED.get(route, {}))
    if may(route, "GET"):
        page, _writes = send(world, check, path, "GET")
        tags = re.findall(r"<(?:input|textarea|select)\b[^>]*>", page.content.decode())
        names |= {name for tag in tags if (name := "".join(re.findall(r'name="([^"]+)"', tag)))}
    return sorted(names - {"csrfmiddlewaretoken", "switch_language", "q", HONEYPOT})


# Saves what is well-formed of a page whose rest is refused; counts the tries.
# The address of `privacy:withdrawal` says everything; the form beside it nothing.
WRITES_ALL_THE_SAME = {
    "accounts:registration-step",
    "accounts:invitation-accept",
    "inquiries:inquiry-confirm",
    "privacy:ask-code",
    "privacy:withdrawal",
}
FILES = {"robots", "sitemap", "security-txt", "favicon"}
WITH_A_FORM = [route for route in OURS if "POST" in TABLE[route] and may(route, "POST") and route not in FILES]


@pytest.mark.req("R151")
@pytest.mark.parametrize("route", WITH_A_FORM)
def test_no_form_stumbles(world, route):  # noqa: F811
    check = may(route, "POST")
    arguments, _data = asked(world, check, route)
    path = reverse(route, kwargs=arguments)
    names = fields(world, check, path, route)
    bodies = {text: ("&".join(f"{quote(name)}={TEXTS[text]}" for name in names), FORM) for text in TEXTS}
    bodies |= BODIES | {"all twice": ("&".join(f"{quote(name)}=x&{quote(name)}=y" for name in names), FORM)}
    faults = []
    for kind, (body, content_type) in bodies.items():
        response, writes = send(world, check, path, "POST", data=body, content_type=content_type)
        page = "" if response.streaming else response.content.decode()
        is_refused = response.status_code != 302 and route not in WRITES_ALL_THE_SAME
        if response.status_code >= 500 or "<script>alert" in page or (is_refused and writes):
            faults.append((kind, response.status_code, writes))
    assert faults == []


@pytest.mark.req("R151")
@pytest.mark.parametrize("route", [route for route in OURS if may(route, "GET")])
def test_no_address_stumbles(world, route):  # noqa: F811
    check = may(route, "GET")
    arguments, _data = asked(world, check, route)
    path, faults = reverse(route, kwargs=arguments), []
    for kind, query in QUERIES.items():
        response, _writes = send(world, check, f"{path}?{query}", "GET")
        page = "" if response.streaming else response.content.decode()
        leaves = "evil.example" in response.get("Location", "").partition("?")[0]
        if response.status_code >= 500 or "<script>alert" in page or leaves:
            faults.append((kind, response.status_code))
    assert faults == []


@pytest.mark.req("R151")
@pytest.mark.parametrize("model", sorted(model for page, model in STAFF_TABLE if page == "changelist"))
def test_no_list_of_the_admin_stumbles(world, model):  # noqa: F811
    path, faults = admin_path(world, "changelist", model), []
    check = next(check for check in checks_of("my-page") if check.role == "administrator")
    for kind, query in QUERIES.items():
        response, _writes = send(world, check, f"{path}?{query}", "GET")
        if response.status_code >= 500 or "<script>alert" in response.content.decode():
            faults.append((kind, response.status_code))
    assert faults == []


LONG = "とても長い文。" * 400


@pytest.mark.parametrize(
    ("route", "field", "typed"),
    [
        ("account_login", "login", "nobody at business.example"),
        ("account_signup", "email", "nobody at business.example"),
        ("accounts:registration-step", "business_name", LONG),
        ("accounts:registration-step", "telephone", "０３－これは番号ではない"),
        ("accounts:membership-list", "email", "colleague at business"),
        ("accounts:join-request-create", "number", LONG),
        ("accounts:invitation-accept", "code", "1234-5678-9"),
        ("directory:draft-update", "headline_ja", LONG),
        ("directory:draft-update", "description_en", "x" * 5_000),
        ("directory:photo-list", "alternative_en", LONG),
        ("inquiries:inquiry-create", "message", "x" * 100_000),
        ("inquiries:inquiry-create", "email", "nobody at business.example"),
        ("inquiries:child-report", "child_email", "child at home"),
        ("networking:introduction-create", "text", LONG),
        ("networking:introduction-report", "reason", LONG),
        ("directory:listing-note", "note", LONG),
    ],
)
def test_what_was_refused_stands_in_the_form_with_the_reason(world, route, field, typed):  # noqa: F811
    check = may(route, "POST")
    arguments, _data = asked(world, check, route)
    data = FILLED.get(route, {}) | {field: typed, "way": "licence"}

    response, writes = send(world, check, reverse(route, kwargs=arguments), "POST", data=data)

    page = html.unescape(response.content.decode())
    assert response.status_code == 200
    assert typed in page
    assert 'aria-invalid="true"' in page or "error-summary" in page
    assert not writes or route in WRITES_ALL_THE_SAME
