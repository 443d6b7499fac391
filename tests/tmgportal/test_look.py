"""The shared pieces: fields, components, style sheet, script."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.urls import resolve
from django.utils import translation

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLES = (settings.BASE_DIR / "static/css/portal.css").read_text()
CATEGORIES = ["ACC", "FNB", "TRN", "TRV", "EXP", "ATT", "SHP", "MIC", "GUI", "ORG", "SVC"]


class BusinessForm(forms.Form):
    name = forms.CharField(label="Name", max_length=10, help_text="As registered.")
    number = forms.CharField(label="Corporate number", required=False)
    text = forms.CharField(label="Description", max_length=20, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="The facts are right")

    def clean(self):
        raise forms.ValidationError("Somebody else changed this.")


class DraftForm(BusinessForm):
    optional_fields = {"secret"}


def element(html, pattern):
    return re.search(rf"<[^>]*{pattern}[^>]*>", html)[0]


def test_a_field_is_tied_to_its_hint_and_its_error():
    html = str(BusinessForm({"name": ""}))

    control = element(html, 'id="id_name"')
    assert 'aria-describedby="id_name_helptext id_name_error"' in control
    assert 'aria-invalid="true"' in control
    assert re.search(r'<label for="id_name">Name\s*</label>', html)
    assert 'id="id_name_helptext">As registered.' in html
    assert '<span class="visually-hidden">Error: </span>Fill in “Name”.' in html


def test_the_summary_leads_to_every_field_in_error():
    html = str(BusinessForm({}))

    targets = re.findall(r'<li><a href="#(.*?)">', html)
    assert targets == ["id_name", "id_text", "id_kind_0", "id_secret", "id_agreed"]
    assert all(f'id="{target}"' in html for target in targets)
    assert "<li>Somebody else changed this.</li>" in html
    assert 'role="alert"' in html


def test_no_error_no_summary():
    assert "error-summary" not in str(BusinessForm())


@pytest.mark.parametrize(("form", "marked"), [(BusinessForm, ["Corporate number"]), (DraftForm, ["Password"])])
def test_what_may_be_left_out_is_marked(form, marked):
    found = re.findall(r'([\w ]+) <span class="optional">\(optional\)', str(form()))

    assert found == marked


def test_choices_are_a_group_with_a_legend():
    html = str(BusinessForm())

    assert re.search(r"<fieldset class=\"field\">\s*<legend>Kind\s*</legend>", html)


def test_pasted_text_is_counted_and_never_cut():
    html = str(BusinessForm())

    assert "maxlength" not in html
    assert 'aria-describedby="id_text_count"' in element(html, 'id="id_text"')
    assert 'id="id_text_count" data-count="20"' in html


def test_the_button_that_shows_a_password_waits_for_the_script():
    assert re.search(r'data-show="id_secret"[^>]* hidden>Show', str(BusinessForm()))


def test_links_know_the_page_they_stand_on(rf):
    request = rf.get("/en/account/2fa/?q=1&page=3")
    request.resolver_match = resolve(request.path)
    tags = [
        'same_page_in "ja"',
        "page_query 2",
        "page_query 1",
        'nav_link "/en/account/2fa/" "A"',
        'nav_link "/en/account/" "B" part="mfa_"',
        'nav_link "/en/account/" "C"',
    ]

    assert [Template(f"{{% {tag} %}}").render(Context({"request": request})) for tag in tags] == [
        "/ja/account/2fa/?q=1&amp;page=3",
        "?q=1&amp;page=2",
        "?q=1",
        '<a href="/en/account/2fa/" aria-current="page">A</a>\n',
        '<a href="/en/account/" aria-current="true">B</a>\n',
        '<a href="/en/account/">C</a>\n',
    ]


@pytest.mark.req("R114")
def test_a_link_to_another_site_says_so():
    html = Template("{% external_link url text %}").render(Context({"url": "https://example.com/?a&b", "text": "<b>"}))

    assert 'href="https://example.com/?a&amp;b"' in html
    assert "&lt;b&gt;" in html
    assert "leads to another website, whose own privacy policy applies" in html


@pytest.mark.parametrize(
    ("language", "text"), [("en", "21 Nov 2026, 18:00 JST"), ("ja", "2026年11月21日 18:00（日本時間）")]
)
def test_a_moment_names_its_zone(language, text):
    with translation.override(language):
        html = Template("{% moment at %}").render(Context({"at": datetime(2026, 11, 21, 9, tzinfo=UTC)}))

    assert html == f'<time datetime="2026-11-21T18:00+09:00">{text}</time>'


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_no_template_holds_inline_code(path):
    if "emails" in path.parts:
        return
    text = re.sub(r"{%.*?%}", "", path.read_text(), flags=re.S)

    assert not re.findall(r"\sstyle=|\son\w+=[\"']|<style|javascript:", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_category_has_its_pattern():
    for code in CATEGORIES:
        assert f".plate.{code.lower()} {{" in STYLES


@pytest.mark.parametrize(("name", "limit"), [("css/portal.css", 30_000), ("js/portal.js", 10_000)])
def test_what_every_page_loads_stays_small(name, limit):
    assert (settings.BASE_DIR / "static" / name).stat().st_size <= limit
