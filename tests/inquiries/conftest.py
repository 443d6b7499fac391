import uuid

import pytest
from django.urls import reverse
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """A page leaves its language behind in the thread; addresses that a test builds begin with /en/."""
    with translation.override("en"):
        yield


@pytest.fixture
def inquire(client):
    """`inquire(**answers)` sends the form of an inquiry as somebody without a log-in."""

    def send(language="en", **answers):
        good = {
            "kind": "general",
            "email": "sender@elsewhere.example",
            "message": "When do you open?",
            "form_key": uuid.uuid4(),
        }
        with translation.override(language):
            return client.post(reverse("inquiries:inquiry-create"), good | answers)

    return send


@pytest.fixture
def report(client):
    """`report(**answers)` sends the form of a guardian."""

    def send(**answers):
        good = {
            "relation": "parent",
            "email": "parent@home.example",
            "child_email": "child@home.example",
            "form_key": uuid.uuid4(),
        }
        return client.post(reverse("inquiries:child-report"), good | answers)

    return send


@pytest.fixture
def type_code(client):
    """`type_code(response, code)` types the newest code, or `code`, on the page to which `response` leads."""
    from tests.accounts.mail import last_code

    def send(response, code=None):
        return client.post(response["Location"], {"code": code or last_code()})

    return send
