"""The limits need the cache: without it nobody guesses passwords, and everything else goes on."""

import socket
import time

import pytest

POSTS = {
    "/en/account/login/": {"login": "somebody@inn.example", "password": "a long enough password"},
    "/en/account/signup/": {
        "email": "somebody@inn.example",
        "password1": "a long enough password",
        "terms": "on",
    },
    "/en/account/password/reset/": {"email": "somebody@inn.example"},
    "/en/account/login/code/": {"email": "somebody@inn.example"},
}
PATIENCE = 5

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["refuses", "is silent"])
def cache_that_fails(request, settings):
    """A cache that refuses connections, or takes them and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "is silent":
            listener.listen()
        address = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": address}}
        yield


@pytest.mark.usefixtures("cache_that_fails")
@pytest.mark.parametrize("path", POSTS)
def test_what_is_limited_asks_to_come_back_within_seconds(client, path):
    client.raise_request_exception = False
    began = time.monotonic()

    response = client.post(path, POSTS[path])

    assert time.monotonic() - began < PATIENCE
    assert response.status_code == 503
    assert response["Retry-After"]
    page = response.content.decode()
    assert "The website is being looked after" in page
    assert "ただいまメンテナンス中です" in page
    assert "somebody@inn.example" in page
    assert "a long enough password" not in page


@pytest.mark.usefixtures("cache_that_fails")
@pytest.mark.parametrize("path", ["/en/", "/ja/policies/privacy/", "/en/account/login/", "/ja/account/signup/"])
def test_what_is_not_limited_is_shown(client, path):
    assert client.get(path).status_code == 200
