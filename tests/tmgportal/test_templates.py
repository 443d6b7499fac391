import pytest
from django.conf import settings
from django.template import Context, Engine
from django.template.base import Origin, Template

from tests.templates import UndefinedVariable


def render(source, origin=settings.BASE_DIR / "templates/page.html"):
    engine = Engine(
        string_if_invalid=settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"],
        libraries={"i18n": "django.templatetags.i18n"},
    )
    return Template("{% load i18n %}" + source, origin=Origin(str(origin)), engine=engine).render(
        Context({"given": {}})
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ typo }}",
        "{{ given.typo }}",
        "{{ typo|upper }}",
        "{% with x=typo %}{% endwith %}",
        "{% blocktranslate %}Dear {{ typo }}{% endblocktranslate %}",
    ],
)
def test_our_templates_may_not_use_what_they_were_not_given(source):
    with pytest.raises(UndefinedVariable):
        render(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% if typo %}yes{% endif %}", ""),
        ("{{ typo|default:'other' }}", "other"),
        ("{% for x in typo %}{% endfor %}", ""),
    ],
)
def test_asking_whether_something_was_given_is_allowed(source, text):
    assert render(source) == text


def test_the_templates_of_others_may():
    assert render("{{ typo|length }}", "/elsewhere/site-packages/django/contrib/admin/templates/admin/base.html") == "0"
