"""No string in an app names an app above it: `python -m tests.layers`. (What it imports, import-linter checks.)"""

import ast
import re
import sys

from tmgportal.stack import BASE_DIR

# From the lowest to the highest; those in one entry do not know each other.
LAYERS = [
    {"outbox"},
    {"privacy"},
    {"accounts"},
    {"directory", "inquiries"},
    {"networking"},
    {"newsletters"},
    {"tmgportal"},
]


def docstrings(tree):
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr):
            yield node.body[0].value


def upward_strings(source, higher, *, migration=False):
    """Yields (line, string) for each string in `source` like "directory.Listing" or "directory/list.html"."""
    names = "|".join(sorted(higher))
    pattern = re.compile(rf"(?<![\w./-])({names})([./:]\w|$)" if migration else rf"(?<![\w./-])({names})[./:]\w")
    tree = ast.parse(source)
    ignored = set(docstrings(tree))
    for node in ast.walk(tree):
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in ignored
        if is_string and pattern.match(node.value):
            yield node.lineno, node.value


def faults():
    for position, layer in enumerate(LAYERS[:-1]):
        for app in sorted(layer):
            higher = set().union(*LAYERS[position + 1 :]) | (layer - {app})
            for path in sorted((BASE_DIR / app).rglob("*.py")):
                found = upward_strings(path.read_text(), higher, migration="migrations" in path.parts)
                for line, string in found:
                    yield f"{path.relative_to(BASE_DIR)}:{line}: names an app above: {string!r}"


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
