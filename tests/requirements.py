"""Which tests prove which requirement: `python -m tests.requirements` writes docs/requirements.md.

The sentences stand in docs/requirements.csv; a test says `@pytest.mark.req("R043")`. A line that is not built yet
names in the column "open" what will build it.
"""

import ast
import csv
from collections import defaultdict

from tmgportal.stack import BASE_DIR

SENTENCES = BASE_DIR / "docs/requirements.csv"
PAGE = BASE_DIR / "docs/requirements.md"
HEAD = """# Requirements and their tests

Made by `python -m tests.requirements` from `requirements.csv` and the marks of the tests.

| number | what it asks | proved by |
|---|---|---|
"""


def lines():
    """{number: (sentence, what will build it or "")}"""
    with SENTENCES.open(newline="") as file:
        return {row["number"]: (row["what it asks"], row["open"]) for row in csv.DictReader(file)}


def proofs():
    """{number: [file::test]}"""
    found = defaultdict(list)
    for path in sorted((BASE_DIR / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for number in _marks(node):
                    found[number].append(f"{path.relative_to(BASE_DIR)}::{node.name}")
    return found


def _marks(function):
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.req":
            yield from (argument.value for argument in decorator.args)


def page():
    found = proofs()
    rows = (
        f"| {number} | {sentence} | {'<br>'.join(_proof(found[number], still_open))} |"
        for number, (sentence, still_open) in lines().items()
    )
    return HEAD + "\n".join(rows) + "\n"


def _proof(tests, still_open):
    if still_open:
        yield f"*open: {still_open}*"
    yield from (f"`{test}`" for test in sorted(tests))


if __name__ == "__main__":
    PAGE.write_text(page())
