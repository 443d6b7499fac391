import pytest
from django.contrib.auth.models import Group
from django.db import connection

from tmgportal.middleware import CONTENT_SECURITY_POLICY


@pytest.fixture(autouse=True)
def _pages_that_misbehave(settings):
    settings.ROOT_URLCONF = "tests.tmgportal.urls"


@pytest.fixture
def visitor(client):
    """A visitor who sees the page of an error, and not the exception."""
    client.raise_request_exception = False
    return client


@pytest.mark.req("R125", "R151")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/forgotten/", "/no-such-page/", "/healthz/live", "/stumble/"])
def test_every_answer_tells_the_browser_to_run_nothing_but_our_files(visitor, path):
    response = visitor.get(path)

    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options" if path != "/healthz/live" else "Permissions-Policy"]


@pytest.mark.req("R136", "C6")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/", "/ja/policies/", "/en/account/login/", "/en/partners/", "/en/admin/", "/none/"]
)
def test_no_page_is_shown_unencrypted(visitor, settings, path):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 63_072_000

    for response in (visitor.get(path), visitor.post(path, {"email": "hanako@inn.example"})):
        assert response.status_code == 301
        assert response["Location"] == f"https://testserver{path}"

    kept = visitor.get(path, secure=True)["Strict-Transport-Security"]
    assert kept.startswith("max-age=63072000; includeSubDomains")


@pytest.mark.req("R151")
@pytest.mark.django_db
def test_what_somebody_with_a_session_sees_is_kept_nowhere(visitor, settings):
    assert "Cache-Control" not in visitor.get("/en/")

    visitor.cookies[settings.SESSION_COOKIE_NAME] = "of-somebody"

    response = visitor.get("/en/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.req("R151")
@pytest.mark.django_db
def test_a_page_that_nobody_listed_as_public_asks_for_a_log_in(visitor):
    response = visitor.get("/forgotten/")

    assert response.status_code == 302
    assert response["Location"].endswith("/account/login/?next=/forgotten/")


@pytest.mark.django_db
def test_whose_session_has_ended_sees_what_was_typed(visitor):
    typed = {"text": "three careful lines", "password1": "secret-1", "code": "secret-2", "version": "hidden-3"}

    response = visitor.post("/forgotten/", typed)

    page = response.content.decode()
    assert response.status_code == 403
    assert [word in page for word in typed.values()] == [True, False, False, False]
    assert "/account/login/?next=%2Fforgotten%2F" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "groups"), [("/write/200/", 1), ("/write/404/", 1), ("/write/500/", 0), ("/stumble/", 0)]
)
def test_what_a_request_wrote_holds_unless_the_request_failed(visitor, path, groups):
    before = Group.objects.count()

    visitor.post(path)

    assert Group.objects.count() - before == groups


def test_without_its_database_the_portal_asks_to_come_back_and_shows_what_was_typed(committing_db, visitor):
    connection.close()
    working, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "gone"
    typed = {"message": "東京の宿です", "postcode": "163-8001", "password": "secret-1", "login_code": "secret-2"}

    response = visitor.post("/write/200/", typed)

    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "東京の宿です" in page
    assert "163-8001" in page
    assert "secret" not in page

    connection.settings_dict["NAME"] = working
    assert visitor.get("/count/").status_code == 200


@pytest.mark.django_db
def test_without_its_cache_the_portal_asks_to_come_back(visitor, settings):
    nowhere = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": nowhere}

    assert visitor.get("/limited/").status_code == 503
    assert visitor.get("/en/").status_code == 200


@pytest.mark.django_db
def test_characters_that_no_text_can_hold_are_left_out(visitor, settings):
    response = visitor.post("/echo/?q=a%00b", {"name": "c\0d"})
    assert response.content == b"['', 'ab', 'cd']"

    visitor.cookies[settings.SESSION_COOKIE_NAME] = "a-session-of-somebody\0"
    assert visitor.get("/forgotten/").status_code == 302


@pytest.mark.django_db
def test_an_address_that_no_text_can_hold_is_a_bad_request(visitor):
    assert visitor.get("/echo/a%00b/").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["q=%ED%A0%80", "q=%FF", "%00=1", "q=%F0%A0%AE%B7", "q=" + "a" * 10_000])
def test_odd_queries_are_answered(visitor, query):
    assert visitor.get(f"/echo/?{query}").status_code == 200
