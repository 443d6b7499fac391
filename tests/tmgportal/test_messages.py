import pytest

from tmgportal import messages


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Save" %}', [("Save", None)]),
        ('{% translate "May" context "month" %}', [("May", "month")]),
        ('{{ _("Yes") }}', [("Yes", None)]),
        ("{% blocktranslate trimmed %}\n  Dear\n  {{ name }}\n{% endblocktranslate %}", [("Dear %(name)s", None)]),
        (
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [(("%(n)s day", "%(n)s days"), None)],
        ),
        ('{% translate "It\'s “so”" %} and "Save"', [("It's “so”", None)]),
    ],
)
def test_messages_of_a_template(tmp_path, source, found):
    (tmp_path / "page.html").write_text("{% load i18n %}" + source)

    assert list(messages.in_template(tmp_path / "page.html")) == found


def test_messages_of_a_module(tmp_path):
    (tmp_path / "module.py").write_text(
        'a = _("Save")\n'
        'b = gettext_lazy("Draft")\n'
        'c = ngettext_lazy("%d day", "%d days", "n")\n'
        'd = pgettext("month", "May")\n'
        'e = str("not a message")\n'
    )

    found = list(messages.in_python(tmp_path / "module.py"))

    assert found == [("Save", None), ("Draft", None), (("%d day", "%d days"), None), ("May", "month")]


def test_update_keeps_translations_and_drops_what_is_gone(tmp_path, monkeypatch):
    catalogue = tmp_path / "django.po"
    monkeypatch.setattr(messages, "CATALOGUE", catalogue)
    before = messages.read()
    known = next(iter(message.id for message in messages.extracted() if isinstance(message.id, str) and message.id))
    before.add(known, string="訳")
    before.add("Nobody says this any more", string="訳")
    catalogue.write_bytes(messages.written(before))

    after = messages.update()

    assert after[known].string == "訳"
    assert "Nobody says this any more" not in after
    assert messages.written(after) == messages.written(after)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "%(n)s day"\nmsgstr "%(m)s日"', "placeholder"),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "保存"', "marked fuzzy"),
        ('msgid "Save"\nmsgstr ""', "not translated"),
        ('msgid "Nobody says this any more"\nmsgstr "訳"', "no longer in the code"),
    ],
)
def test_faults_are_named(tmp_path, monkeypatch, entry, fault):
    catalogue = tmp_path / "django.po"
    header = ['msgid ""', 'msgstr ""', r'"Content-Type: text/plain; charset=utf-8\n"', "", ""]
    catalogue.write_text("\n".join(header) + ("#, python-format\n" if "%" in entry else "") + entry + "\n")
    monkeypatch.setattr(messages, "CATALOGUE", catalogue)

    assert any(fault in each for each in messages.faults())
