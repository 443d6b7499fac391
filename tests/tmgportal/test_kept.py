"""What is shown again to somebody whose form could not be taken."""

import re

import pytest
from django.conf import settings

from tmgportal.kept import NOT_TYPED, kept

SENT = re.compile(r"""<input type="hidden" name="(\w+)"|<button [^>]*\bname="(\w+)" value""")


@pytest.mark.req("R151")
def test_what_was_typed_is_kept_and_no_secret(rf):
    form = {"name": "Momiji Inn", "seen": "0a1b", "password1": "secret", "code": "ABCD", "contact": ["a", " "]}

    assert kept(rf.post("/", form)) == [("name", "Momiji Inn"), ("contact", "a")]
    assert kept(rf.get("/", form)) == []


def test_nothing_that_our_forms_send_by_themselves_is_taken_for_typed():
    sources = [path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html")]
    sent = {name for source in sources for names in SENT.findall(source) for name in names if name}

    # The address that an account changes to, and the words of a search, were typed before.
    assert sent - {"email", "q"} <= NOT_TYPED
