"""On every page: whoever is asked for personal data reads in the same form what it is used for (R034).

What can be typed is declared to be personal, or bears the name of a fact about a business that the same app holds, or
stands below with the reason why it is neither. All else fails, so that no form can forget to say where its answers go.
"""

import re
from html.parser import HTMLParser

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.completeness import STEPS
from accounts.sides import Side
from directory.views.draft import SECTIONS
from privacy import policies
from privacy.declarations import DataClass, declared
from privacy.models import Document, PolicyVersion
from privacy.purposes import Purpose
from tests.authorisation.conftest import world  # noqa: F401
from tests.authorisation.table import checks_of
from tests.authorisation.test_matrix import OURS, asked
from tests.factories import PASSWORD, make_member
from tests.test_consistency import fetch, shown

TYPED = {"text", "email", "tel", "url", "number", "date", "search"}
NEITHER = {
    "authority": "a part of `licences`",
    "code": "shows that an address is read, or that a device is at hand",
    "number": "a part of `licences`; among inquiries, a trap for machines that stays empty",
    "subject": "a trap for machines that stays empty",
    "text in privacy:receipt-verify": "a receipt, to be checked and forgotten",
}
OWNERS = {Side.DOMESTIC: ("tokyo owner", "tokyo"), Side.OVERSEAS: ("paris owner", "paris")}


class Forms(HTMLParser):
    """The forms of a page that send something: what can be typed, what of a form is personal, and its notices."""

    def __init__(self, html):
        super().__init__()
        self.found, self.form, self.shared = [], None, {}
        self.feed(html)
        self.close()
        for form in self.found:
            form["notices"] += self.shared.get(form["notice"], [])

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.form = {
                "typed": set(),
                "personal": set(),
                "notices": [],
                "notice": attributes.get("aria-describedby"),
            }
            self.found += [self.form] if attributes.get("method") == "post" else []
        elif self.form and "data-personal" in attributes:
            self.form["personal"].add(attributes["name"])
        elif self.form and (tag == "textarea" or (tag == "input" and attributes.get("type", "text") in TYPED)):
            self.form["typed"].add(attributes["name"])
        elif self.form and "data-purposes" in attributes:
            self.form["notices"].append(attributes)
        elif "data-purposes" in attributes and "id" in attributes:
            self.shared[attributes["id"]] = [attributes]

    def handle_endtag(self, tag):
        self.form = None if tag == "form" else self.form


def faults(html, route, version):
    """Yields what is wrong with the forms of a page of `route`, while `version` of the privacy policy is in force."""
    app = route.partition(":")[0]
    declared_there = [one for one in declared() if one.model._meta.app_label == app]
    about_business = {name for one in declared_there for name in one.of_class(DataClass.BUSINESS)}
    for form in Forms(html).found:
        # Rows of a table are numbered.
        names = sorted({re.sub(r"_\d+$", "", name) for name in form["typed"]} - about_business)
        yield from (f"where does {name} go?" for name in names if not {name, f"{name} in {route}"} & NEITHER.keys())
        if form["personal"] and len(form["notices"]) != 1:
            yield f"{len(form['notices'])} notices beside {sorted(form['personal'])}"
        for notice in form["notices"]:
            purposes = notice["data-purposes"].split()
            if not purposes or not {*purposes} <= {*Purpose} or notice["data-policy-version"] != str(version.number):
                yield f"a notice that does not say enough: {notice}"


def found_in(response, route):
    return [*faults(response.content.decode(), route, policies.in_force(Document.PRIVACY))]


NOTICE = '<div data-purposes="account" data-policy-version="7"></div>'
SHARED = NOTICE.replace("div ", "div id=n ", 1)


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ('<input name="nickname">', ["where does nickname go?"]),
        ('<textarea name="nickname"></textarea>', ["where does nickname go?"]),
        ('<input name="email" data-personal>', ["0 notices beside ['email']"]),
        (f'<input name="email" data-personal>{NOTICE}', []),
        (f'</form>{SHARED}<form method="post" aria-describedby="n"><input name="email" data-personal>', []),
        (f'</form>{NOTICE}<form method="post"><input name="email" data-personal>', ["0 notices beside ['email']"]),
        ('<input name="headline_en">', ["where does headline_en go?"]),
        ('<input name="business_name"><input name="code"><input type="password" name="password">', []),
    ],
)
def test_a_form_that_forgets_is_found(form, found):
    version = PolicyVersion(document=Document.PRIVACY, number=7)

    assert [*faults(f'<form method="post">{form}</form>', "accounts:page", version)] == found


@pytest.mark.req("R034", "R035")
@pytest.mark.parametrize("route", [route for route in OURS if any(shown(route))])
def test_every_form_says_what_personal_answers_are_used_for(world, route):  # noqa: F811
    found = []
    for check in shown(route):
        arguments, _data = asked(world, check, route)
        response = fetch(world, check.role, check.method, reverse(route, kwargs=arguments))
        found += [(check.role, check.method, fault) for fault in found_in(response, route)]
    assert found == []


@pytest.mark.req("R034", "R030", "R031")
@pytest.mark.parametrize(("side", "step"), [(side, step) for side, steps in STEPS.items() for step in steps])
def test_every_step_of_registering_says_it(world, side, step):  # noqa: F811
    role, operator = OWNERS[side]
    arguments = world.things["registration step"][operator] | {"step": step}

    response = fetch(world, role, "GET", reverse("accounts:registration-step", kwargs=arguments))

    assert found_in(response, "accounts:registration-step") == []


@pytest.mark.req("R034")
@pytest.mark.parametrize(("side", "section"), [(side, name) for side, all in SECTIONS.items() for name in all])
def test_every_section_of_a_listing_says_it(world, side, section):  # noqa: F811
    role, operator = OWNERS[side]
    arguments = world.things["draft section"][operator] | {"section": section}

    response = fetch(world, role, "GET", reverse("directory:draft-update", kwargs=arguments))

    assert found_in(response, "directory:draft-update") == []


BEHIND_THE_PASSWORD = {
    (route, check.thing)
    for route in OURS
    for check in checks_of(route)
    if (check.method, check.outcome) == ("GET", "reauthenticate") and "reauthenticate" not in route
}


@pytest.mark.req("R034")
@pytest.mark.django_db
@pytest.mark.parametrize(("route", "thing"), sorted(BEHIND_THE_PASSWORD))
def test_pages_behind_the_password_say_it_too(client, route, thing):
    person = make_member()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    arguments = {}
    if thing == "passkey":
        passkey = {"name": "Telephone", "credential": {}}
        arguments["pk"] = Authenticator.objects.create(user=person, type="webauthn", data=passkey).pk
    elif "deactivate" in route:
        Authenticator.objects.create(user=person, type="totp", data={})

    response = client.get(reverse(route, kwargs=arguments), follow=True)

    assert response.status_code == 200
    assert response.request["PATH_INFO"] != reverse("account_reauthenticate")
    assert found_in(response, route) == []
