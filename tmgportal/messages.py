"""Bring the Japanese catalogue up to date with the code, without GNU gettext: `python -m tmgportal.messages`.

`--compile` only compiles; `--check` changes nothing and fails where the catalogue is stale, fuzzy or incomplete.
"""

import argparse
import ast
import re
import sys
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from tmgportal.stack import BASE_DIR

CATALOGUE = BASE_DIR / "locale/ja/LC_MESSAGES/django.po"
APPS = ("outbox", "privacy", "accounts", "directory", "inquiries", "networking", "newsletters", "tmgportal")
LAZY = ("gettext", "ngettext", "pgettext", "npgettext")
# `audit.record(by, "act in words", …)`: staff read the acts in their language.
KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in LAZY}
KEYWORDS |= {"gettext_noop": None, "record": (2,)}
STRING = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
HEADER = "# Japanese. Written by `make messages`; translate the empty entries.\n#"
# What `templatize` makes of a template: calls like these between rows of X.
CALL = re.compile(rf"(?<![\w.])(n?p?gettext|_)\(\s*({STRING}(?:\s*,\s*{STRING})*)[^()]*\)")


def in_python(path):
    """Yields (message, context) of a module; a plural message is a pair."""
    with path.open("rb") as file:
        for _line, found, _comments, context in extract("python", file, KEYWORDS, (), {"encoding": "utf-8"}):
            yield found, context


def in_template(path):
    """Yields (message, context) of a template; a plural message is a pair."""
    for function, strings in CALL.findall(templatize(path.read_text(), origin=str(path))):
        parts = list(ast.literal_eval(f"[{strings}]"))
        context = parts.pop(0) if "p" in function.removesuffix("gettext") else None
        yield tuple(parts) if function.startswith("n") else parts[0], context


def extracted():
    """Everything in the code that is marked for translation, as a catalogue without translations."""
    catalogue = Catalog(locale="ja", fuzzy=False, charset="utf-8")
    modules = [path for app in APPS for path in (BASE_DIR / app).rglob("*.py") if "migrations" not in path.parts]
    templates = [path for path in (BASE_DIR / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    for path in sorted(modules + templates):
        for message, context in in_python(path) if path.suffix == ".py" else in_template(path):
            if message:
                catalogue.add(message, locations=[(str(path.relative_to(BASE_DIR)), 0)], context=context)
    return catalogue


def read():
    if not CATALOGUE.exists():
        return Catalog(locale="ja", header_comment=HEADER, fuzzy=False, charset="utf-8")
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="ja")


def update():
    """Write the catalogue anew: what the code says now, with the translations that there are."""
    catalogue = read()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue):
    file = BytesIO()
    write_po(file, catalogue, width=120, sort_output=True, include_lineno=False)
    return file.getvalue()


def compile_catalogue():
    """Write the binary form that Django reads, where it is missing or older than the text."""
    binary = CATALOGUE.with_suffix(".mo")
    if CATALOGUE.exists() and (not binary.exists() or binary.stat().st_mtime < CATALOGUE.stat().st_mtime):
        file = BytesIO()
        write_mo(file, read())
        partial = binary.with_suffix(".partial")
        partial.write_bytes(file.getvalue())
        partial.rename(binary)


def faults():
    """Yields in words what stands between the catalogue and a complete one."""
    catalogue, wanted = read(), extracted()
    have, want = ({(m.id, m.context) for m in each if m.id} for each in (catalogue, wanted))
    yield from (f"not in the catalogue: {message!r}" for message, _context in want - have)
    yield from (f"no longer in the code: {message!r}" for message, _context in have - want)
    for message in catalogue:
        if message.fuzzy:
            yield f"marked fuzzy: {message.id!r}"
        if not all(message.string if isinstance(message.string, tuple) else [message.string]):
            yield f"not translated: {message.id!r}"
    yield from (f"{error}: {message.id!r}" for message, errors in catalogue.check() for error in errors)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compile", action="store_true", help="only compile")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the catalogue is not complete")
    options = parser.parse_args(arguments)
    settings.configure()
    if options.check:
        found = sorted(faults())
        sys.stderr.writelines(f"{fault}\n" for fault in found)
        return 1 if found else 0
    if not options.compile:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_bytes(written(update()))
    compile_catalogue()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
