"""The texts of the policies: what each must say, in both languages, and that both say it alike."""

import csv
import re
from pathlib import Path

import pytest
from django.urls import resolve
from django.utils import translation

from privacy import data
from privacy.models import Document
from privacy.policies import rendering

LANGUAGES = ["en", "ja"]
LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")
HEADING = re.compile(r"^(#{1,6}) .*?(\{#[a-z-]+\})?$", re.MULTILINE)
LIST_ITEM = re.compile(r"^(-|\d+\.) ", re.MULTILINE)

with (Path(__file__).parent / "policy_phrases.csv").open(encoding="utf-8", newline="") as file:
    PHRASES = list(csv.DictReader(file))


def body(document, language):
    return data.text(f"policies/{document}.{language}.md")


def links(document, language):
    """All links, those to our own pages without the language."""
    return [link.replace(f"/{language}/", "/", 1) for link in LINK.findall(body(document, language))]


# Of each requirement the part that a policy states; what the portal does about it, other tests prove.
@pytest.mark.req("R001", "R002", "R003", "R004", "R005", "R006", "R007", "R008", "R009")
@pytest.mark.req("R010", "R011", "R012", "R013", "R014", "R015", "R016", "R017", "R018", "R019")
@pytest.mark.req("R020", "R021", "R022", "R036", "R037", "R038", "R040", "R041", "R042", "R044", "R045")
@pytest.mark.req("R046", "R047", "R048", "R051", "R060", "R061", "R062", "R063", "R064", "R065", "R066", "R067", "R068")
@pytest.mark.req("R080", "R081", "R090", "R091", "R092", "R093", "R094", "R095", "R096", "R097", "R098", "R099")
@pytest.mark.req("R100", "R101", "R102", "R110", "R111", "R112", "R113", "R114")
@pytest.mark.req("R120", "R121", "R122", "R123", "R124", "R125", "R126", "R127", "R128", "R129")
@pytest.mark.req("R130", "R131", "R132", "R133", "R134", "R135", "R136", "R137")
@pytest.mark.req("R150", "R151", "R152", "R153", "R154", "R155", "R156", "C1")
@pytest.mark.req("C2", "C3", "C5", "C7", "C11", "C12", "C13")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", PHRASES, ids=lambda row: f"{row['requirement']}-{row['document']}")
def test_a_policy_says_what_a_requirement_asks_of_it(phrase, language):
    assert phrase[language] in body(phrase["document"], language)


def test_the_marks_above_are_those_of_the_table():
    marks = test_a_policy_says_what_a_requirement_asks_of_it.pytestmark
    marked = {number for mark in marks if mark.name == "req" for number in mark.args}
    assert marked == {row["requirement"] for row in PHRASES}


@pytest.mark.req("R002")
@pytest.mark.parametrize("document", Document.values)
class TestBothLanguages:
    @pytest.mark.req("R002")
    def test_they_have_the_same_sections(self, document):
        en, ja = ([heading.groups() for heading in HEADING.finditer(body(document, one))] for one in LANGUAGES)
        assert en == ja

    def test_they_have_the_same_number_of_paragraphs_and_items(self, document):
        en, ja = (body(document, one) for one in LANGUAGES)
        assert en.count("\n\n") == ja.count("\n\n")
        assert LIST_ITEM.findall(en) == LIST_ITEM.findall(ja)

    def test_they_name_the_same_registers_in_the_same_order(self, document):
        en, ja = (rendering.DIRECTIVE.findall(body(document, one)) for one in LANGUAGES)
        assert en == ja
        assert set(en) <= set(rendering.DIRECTIVES)

    def test_they_have_the_same_links(self, document):
        assert sorted(links(document, "en")) == sorted(links(document, "ja"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", Document.values)
class TestForm:
    def test_a_link_leads_to_a_page_of_the_same_language_a_section_or_another_site(self, document, language):
        for link in LINK.findall(body(document, language)):
            page, _, section = link.partition("#")
            if page.startswith("https://"):
                continue
            target = document
            if page:
                with translation.override(language):
                    target = resolve(page.partition("?")[0]).kwargs.get("document")
            if target and section:
                assert f"{{#{section}}}" in body(target, language)

    def test_it_keeps_to_the_small_part_of_markdown(self, document, language):
        text = body(document, language)
        assert not re.search(r"^# |<[a-z/]|^[ \t]+\S", text, re.MULTILINE)
        assert text == text.strip() + "\n"


def test_every_text_has_a_summary_in_both_languages():
    summaries = {row["document"]: row for row in data.rows("policies/summaries.csv")}
    assert list(summaries) == Document.values
    for row in summaries.values():
        assert row["en"].endswith(".")
        assert row["ja"].endswith("。")
