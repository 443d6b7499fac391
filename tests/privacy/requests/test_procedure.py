"""The published procedure says how, by whom, under which law and until when data are asked about (R090)."""

import html
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from privacy.data import rows
from privacy.models import Regime, RequestKind
from privacy.requests import clocks
from privacy.requests.clocks import Period

LANGUAGES = pytest.mark.parametrize("language", ["en", "ja"])


def shown(client, language):
    with translation.override(language):
        response = client.get(reverse("privacy:procedure"))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.mark.django_db
@pytest.mark.req("R090", "L02", "L07")
@LANGUAGES
def test_it_states_each_right_with_every_law_and_its_time(client, language):
    page = shown(client, language)

    with translation.override(language):
        for kind in RequestKind:
            [row] = [row for row in page.split("<tr>") if f'<th scope="row">{kind.label}</th>' in row]
            # Each law stands in its own column.
            for law, cell in zip(Regime, row.split("<td>")[1:], strict=True):
                [rule] = clocks.rules_for(kind, [law], date.today(), clocks.load())
                for text in (rule.name, rule.base, rule.extension):
                    assert str(text) in cell
        headings = page.partition("<thead>")[2].partition("</thead>")[0]
        assert headings.index(str(Regime.APPI.label)) < headings.index(str(Regime.GDPR.label))


@pytest.mark.django_db
@pytest.mark.req("R090")
def test_a_changed_rule_changes_the_page(client, monkeypatch):
    longer = tuple(replace(rule, base=Period(days=47)) for rule in clocks.load())
    monkeypatch.setattr(clocks, "load", lambda: longer)

    assert shown(client, "en").count(": 47 days, and ") == len(RequestKind) * len(Regime)


@pytest.mark.django_db
@pytest.mark.req("R090", "R101")
@LANGUAGES
def test_it_says_where_letters_go_and_where_one_can_complain(client, language):
    page = shown(client, language)

    assert settings.SECRETARIAT_ADDRESS[language] in page
    assert settings.SECRETARIAT_TELEPHONE in page
    assert settings.SECRETARIAT_EMAIL not in page
    for row in rows("authorities.csv"):
        assert row[f"name_{language}"] in page
        assert row["url"] in page


@pytest.mark.django_db
@pytest.mark.req("R090", "R100")
@LANGUAGES
@pytest.mark.parametrize(("name", "arguments"), [("home", []), ("contact", []), ("privacy:policy", ["privacy"])])
def test_it_is_found_from_every_page_the_contact_page_and_the_policy(client, language, name, arguments):
    with translation.override(language):
        procedure = reverse("privacy:procedure")
        page = client.get(reverse(name, args=arguments)).content.decode()

    main = page.partition("<main")[2].partition("</main>")[0]
    footer = page.partition("<footer")[2]
    assert f'href="{procedure}"' in footer
    assert name == "home" or f'href="{procedure}"' in main
